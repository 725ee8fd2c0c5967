import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { documentOf } from "../support/documents.ts";
import { EditorPage } from "../support/editor.ts";

const asking = documentOf(
  {
    greeting: { type: "input-text", params: { name: "greeting", value: "Good evening" } },
    ask: { type: "approve", params: { question: "May this go out?" } },
    result: { type: "output-text", params: { name: "said" } },
  },
  ["greeting.text > ask.value", "ask.value > result.value"],
);

test("a run waits for a person, who sees what about, and approves it by keyboard in the editor", async ({
  page,
}) => {
  const editor = new EditorPage(page);
  await editor.open(asking);
  await page.getByRole("button", { name: /^Run all/ }).click();
  const node = editor.node("Approve");
  await expect(node).toContainText("Waiting for a person");
  await expect(node).toContainText("Good evening");
  await expect(page.getByRole("button", { name: /Run 1, waiting for a person/ })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  // A reload, as after days: it still waits.
  await page.reload();
  const approve = node.getByRole("button", { name: "Approve, Approve" });
  await approve.focus();
  await page.keyboard.press("Enter");
  await expect(node).not.toContainText("Waiting for a person");
  await expect(page.getByRole("button", { name: "Run 1, result 1 of 1" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Cancel run 1" })).toHaveCount(0);
});

test("a run is paused on its page, goes on, and is declined there", async ({ page }) => {
  const editor = new EditorPage(page);
  await editor.open(asking);
  await page.getByRole("button", { name: /^Run all/ }).click();
  await expect(editor.node("Approve")).toContainText("Waiting for a person");
  await page.goto("/runs");
  await page.getByRole("main").getByRole("link").first().click();
  await page.waitForURL("**/runs/run_*");
  const waiting = page.getByRole("region", { name: "Approve, waiting for a person" });
  await expect(waiting).toContainText("May this go out?");
  await expect(waiting).toContainText("Good evening");
  await page.getByRole("button", { name: "Pause", exact: true }).click();
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Resume", exact: true }).click();
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations).toEqual([]);
  await waiting.getByRole("button", { name: "Decline, Approve" }).click();
  await expect(page.getByRole("alert").first()).toContainText("This was not approved");
});
