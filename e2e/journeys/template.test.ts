import { expect, test } from "@playwright/test";
import { EditorPage } from "../support/editor.ts";

test("a template opens from the gallery, runs as it is, and its pictures appear", async ({
  page,
}) => {
  await page.goto("/");
  const templates = page.getByRole("region", { name: "Start from a template" });
  const card = templates.getByRole("button", { name: /sharpen four times/i }).first();
  await expect(card.locator("img")).toBeVisible();
  await card.click();
  await page.waitForURL("**/workflows/*");
  const editor = new EditorPage(page);
  await expect(editor.nodes.first()).toBeVisible();
  await editor.runAll();
  const made = editor.nodes.getByRole("img", { name: /, result$/ }).first();
  await expect(made).toBeVisible({ timeout: 60_000 });
  await expect
    .poll(() => made.evaluate((element) => (element as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(0);
});
