import { expect, test } from "@playwright/test";
import { EditorPage } from "../support/editor.ts";

test("a picture becomes a film that plays on its node, large, and among the results of the run", async ({
  page,
}) => {
  await page.goto("/");
  const templates = page.getByRole("region", { name: "Start from a template" });
  await templates.getByRole("button", { name: /picture to video/i }).click();
  await page.waitForURL("**/workflows/*");
  const editor = new EditorPage(page);
  await editor.runAll();
  const film = editor.node("Film").locator("video");
  await expect(film).toBeVisible({ timeout: 60_000 });
  const played = () =>
    film.evaluate((element: HTMLVideoElement) => ({
      isPlaying: !element.paused && element.currentTime > 0,
      facts: [element.videoWidth, element.videoHeight, element.duration],
    }));
  await expect.poll(played).toEqual({ isPlaying: true, facts: [128, 128, 2] });

  await film.dblclick();
  const large = page.getByRole("dialog").locator("video[controls]");
  await expect(large).toBeVisible();
  await page.getByRole("button", { name: "Close" }).click();

  const results = page.getByRole("region", { name: "Results" });
  // The other film is an animated WebP, which is a picture to a browser.
  await expect(results.locator("video")).toHaveCount(1, { timeout: 60_000 });
  await expect(results.locator("img")).toHaveCount(1);
  const isStill = () =>
    results.locator("video").evaluate((element: HTMLVideoElement) => element.paused);
  expect(await isStill()).toBe(true);
});

test("the gallery can be narrowed to what makes films", async ({ page }) => {
  await page.goto("/");
  const templates = page.getByRole("region", { name: "Start from a template" });
  await expect(templates.getByRole("button", { name: /picture to video/i })).toBeVisible();
  await templates.getByText("Video", { exact: true }).click();
  await expect(templates.getByRole("button", { name: /sharpen four times/i })).toHaveCount(0);
  await expect(templates.getByRole("button", { name: /picture to video/i })).toBeVisible();
});
