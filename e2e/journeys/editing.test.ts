import { expect, test } from "@playwright/test";
import { EditorPage } from "../support/editor.ts";
import { echoDocument, resizeDocument } from "../support/documents.ts";

test("an edit saves itself and is there after a reload", async ({ page }) => {
  const editor = new EditorPage(page);
  await editor.open(echoDocument("Reloaded"));
  await editor.select("Text");
  await page
    .getByRole("complementary", { name: "Inspector" })
    .getByRole("textbox", { name: "Title" })
    .fill("What to say");
  await editor.untilSaved();
  await page.reload();
  await expect(editor.node("What to say")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Name of the workflow" })).toHaveValue("Reloaded");
});

test("an edit that was not saved yet survives a reload", async ({ page, context }) => {
  const editor = new EditorPage(page);
  await editor.open(echoDocument());
  await editor.untilSaved();
  await context.route("**/api/trpc/workflow.save**", (route) => route.abort());
  await page.getByRole("textbox", { name: "Name of the workflow" }).fill("Kept here");
  await expect(
    page.getByText(/Offline, 1 change kept here|Offline, \d+ changes kept here/),
  ).toBeVisible();
  await page.reload();
  await context.unroute("**/api/trpc/workflow.save**");
  await expect(page.getByRole("textbox", { name: "Name of the workflow" })).toHaveValue(
    "Kept here",
  );
});

test("undo and redo go through every change, by button and by key", async ({ page }) => {
  const editor = new EditorPage(page);
  await editor.create();
  await editor.add("Resize");
  await editor.add("Crop");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(editor.nodes).toHaveCount(1);
  await page.keyboard.press("Control+z");
  await expect(editor.nodes).toHaveCount(0);
  await page.keyboard.press("Control+Shift+z");
  await page.getByRole("button", { name: "Redo" }).click();
  await expect(editor.node("Resize")).toBeVisible();
  await expect(editor.node("Crop")).toBeVisible();
});

test("Delete removes what is selected with its wires, and undo brings both back", async ({
  page,
}) => {
  const editor = new EditorPage(page);
  await editor.open(resizeDocument());
  await expect(editor.wires).toHaveCount(2);
  await editor.select("Resize");
  await page.keyboard.press("Delete");
  await expect(editor.nodes).toHaveCount(2);
  await expect(editor.wires).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(editor.nodes).toHaveCount(3);
  await expect(editor.wires).toHaveCount(2);
});

test("copy and paste bring the nodes and the wires between them, also into another workflow", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const editor = new EditorPage(page);
  await editor.open(resizeDocument());
  await editor.select("Resize");
  await page.keyboard.press("Control+a");
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(editor.nodes).toHaveCount(6);
  await expect(editor.wires).toHaveCount(4);
  await editor.create();
  await page.keyboard.press("Control+v");
  await expect(editor.nodes).toHaveCount(3);
  await expect(editor.wires).toHaveCount(2);
});

test("a second run of an unchanged workflow reuses everything, and says so", async ({ page }) => {
  const editor = new EditorPage(page);
  await editor.open({
    ...resizeDocument(),
    nodes: {
      words: {
        type: "input-text",
        params: { name: "words", value: `now ${Date.now()}` },
        position: { x: 0, y: 0 },
      },
      upper: { type: "text-template", params: { template: "{a}!" }, position: { x: 260, y: 0 } },
      said: { type: "output-text", params: { name: "said" }, position: { x: 520, y: 0 } },
    },
    edges: [
      { id: "w1", from: { node: "words", port: "text" }, to: { node: "upper", port: "a" } },
      { id: "w2", from: { node: "upper", port: "text" }, to: { node: "said", port: "value" } },
    ],
  });
  await editor.runAll();
  await expect(page.getByRole("button", { name: /^Run 1, result/ })).toBeVisible({
    timeout: 30_000,
  });
  await editor.runAll();
  await expect(page.getByRole("button", { name: /^Run 2, result/ })).toBeVisible({
    timeout: 30_000,
  });
});
