import { expect, test } from "@playwright/test";
import { EditorPage } from "../support/editor.ts";
import { picture } from "../support/pictures.ts";

test("a workflow is clicked together by mouse, run, and its pictures appear", async ({ page }) => {
  const editor = new EditorPage(page);
  await editor.create();
  const image = await editor.dragIn("Image", { x: 60, y: 160 });
  const resize = await editor.dragIn("Resize", { x: 330, y: 160 });
  const result = await editor.dragIn("Image output", { x: 620, y: 220 });
  await editor.wire(image, "image", resize, "image");
  await editor.wire(resize, "image", result, "value");

  await image.getByLabel("Choose a file for Image").setInputFiles({
    name: "photo.png",
    mimeType: "image/png",
    buffer: await picture(1500, 900, Date.now()),
  });
  await expect(image.getByRole("img", { name: "Image", exact: true })).toBeVisible();
  await editor.runAll();

  const made = resize.getByRole("img", { name: "Resize, result" });
  await expect(made).toBeVisible({ timeout: 30_000 });
  await expect
    .poll(() => made.evaluate((element) => (element as HTMLImageElement).naturalWidth))
    .toBe(1024);
  await expect(page.getByRole("button", { name: /^Run 1, result 1 of 1/ })).toBeVisible();
});

test("a wire between ports that do not fit is refused", async ({ page }) => {
  const editor = new EditorPage(page);
  await editor.create();
  const text = await editor.dragIn("Text", { x: 60, y: 160 });
  const resize = await editor.dragIn("Resize", { x: 400, y: 160 });
  await editor.pullWire(
    editor.port(text, "source", "text"),
    editor.port(resize, "target", "image"),
  );
  await expect(page.getByRole("status").filter({ hasText: /text|image/i })).not.toHaveCount(0);
  await page.mouse.up();
  await expect(editor.wires).toHaveCount(0);
});
