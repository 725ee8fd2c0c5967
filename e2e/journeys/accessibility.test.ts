import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Page } from "@playwright/test";
import { send, upload } from "../support/api.ts";
import { EditorPage } from "../support/editor.ts";
import { resizeDocument } from "../support/documents.ts";
import { picture } from "../support/pictures.ts";

const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];
const themes = ["dark", "light"] as const;

/** Paths of every screen, with something to see on each. */
let screens: { name: string; path: string }[] = [];

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  const editor = new EditorPage(page);
  await editor.open(resizeDocument("Looked at"));
  const path = new URL(page.url()).pathname;
  await page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Share" });
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  const share =
    (await dialog.getByRole("link", { name: "Open the page" }).getAttribute("href")) ?? "";
  await page.close();
  const file = await upload(new Uint8Array(await picture(320, 240, 7)), "photo.png");
  const { url } = (await file.json()) as { url: string };
  const answer = await send("/api/v1/runs", {
    headers: { prefer: "wait=30" },
    body: { document: resizeDocument(), input: { image: url } },
  });
  const { run } = (await answer.json()) as { run: { id: string } };
  screens = [
    { name: "gallery", path: "/" },
    { name: "editor", path },
    { name: "share page", path: share },
    { name: "runs", path: "/runs" },
    { name: "run", path: `/runs/${run.id}` },
    { name: "cluster", path: "/cluster" },
    { name: "settings", path: "/settings" },
  ];
});

async function show(page: Page, path: string, theme: "dark" | "light"): Promise<void> {
  await page.emulateMedia({ colorScheme: theme, reducedMotion: "reduce" });
  await page.goto(path, { waitUntil: "networkidle" });
  await page.evaluate((wanted) => {
    document.documentElement.dataset["theme"] = wanted;
  }, theme);
}

for (const theme of themes) {
  for (const size of sizes) {
    test(`axe finds nothing serious on any screen, ${theme}, ${size.width} wide`, async ({
      page,
    }) => {
      await page.setViewportSize(size);
      for (const { name, path } of screens) {
        await test.step(name, async () => {
          await show(page, path, theme);
          const { violations } = await new AxeBuilder({ page }).analyze();
          const serious = violations.filter(
            ({ impact }) => impact === "serious" || impact === "critical",
          );
          const found = serious.map(
            ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`,
          );
          expect.soft(found, `${name} (${path})`).toEqual([]);
          const overflow = await page.evaluate(
            () => document.documentElement.scrollWidth - window.innerWidth,
          );
          expect.soft(overflow, `${name} is wider than the screen`).toBeLessThanOrEqual(0);
        });
      }
    });
  }
}
