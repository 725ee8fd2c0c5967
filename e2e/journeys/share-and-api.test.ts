import { expect, test } from "@playwright/test";
import { makeKey, send, serverUrl, upload } from "../support/api.ts";
import { EditorPage } from "../support/editor.ts";
import { resizeDocument } from "../support/documents.ts";
import { picture } from "../support/pictures.ts";

interface RunAnswer {
  readonly run: { readonly id: string; readonly status: string };
  readonly outputs: Record<string, { url: string; width: number; height: number }[]>;
  readonly steps: { readonly nodeId: string; readonly cached: boolean }[];
}

/** Publishes the workflow that is open and gives the path of its page. */
async function publish(editor: EditorPage): Promise<string> {
  await editor.page.getByRole("button", { name: "Share", exact: true }).click();
  const dialog = editor.page.getByRole("dialog", { name: "Share" });
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  const link = dialog.getByRole("link", { name: "Open the page" });
  await expect(link).toBeVisible();
  return (await link.getAttribute("href")) ?? "";
}

test("a published workflow runs from its link in another browser, and by curl with a key", async ({
  page,
  browser,
}) => {
  const editor = new EditorPage(page);
  await editor.open(resizeDocument(`Shared ${Date.now()}`));
  const path = await publish(editor);
  expect(path).toMatch(/^\/w\/local\/[\w-]+$/);

  const stranger = await browser.newContext();
  const shared = await stranger.newPage();
  await shared.goto(`${serverUrl()}${path}`);
  await expect(shared.getByRole("heading", { level: 1, name: /^Shared/ })).toBeVisible();
  await shared
    .getByRole("form", { name: "Inputs" })
    .locator("input[type=file]")
    .setInputFiles({
      name: "photo.png",
      mimeType: "image/png",
      buffer: await picture(300, 200, Date.now()),
    });
  await expect(shared.getByRole("form", { name: "Inputs" }).locator("img")).toBeVisible();
  await shared.getByRole("button", { name: "Make the picture" }).click();
  const made = shared.getByRole("region", { name: "Result" }).locator("img").first();
  await expect(made).toBeVisible({ timeout: 30_000 });
  await expect
    .poll(() => made.evaluate((element) => (element as HTMLImageElement).naturalWidth))
    .toBe(64);
  await stranger.close();

  const key = await makeKey();
  const file = await upload(new Uint8Array(await picture(500, 500, Date.now())), "photo.png");
  const { url } = (await file.json()) as { url: string };
  const response = await send(`/api/v1/workflows${path.replace("/w", "")}/runs`, {
    key,
    headers: { prefer: "wait=30" },
    body: { input: { image: url } },
  });
  expect(response.status).toBe(201);
  const answer = (await response.json()) as RunAnswer;
  expect(answer.run.status).toBe("SUCCEEDED");
  expect(answer.outputs["result"]).toMatchObject([{ width: 64, height: 64 }]);
  const bytes = await fetch(answer.outputs["result"]?.[0]?.url ?? "");
  expect(bytes.headers.get("content-type")).toBe("image/png");

  const openapi = await send(`/api/v1/workflows${path.replace("/w", "")}/openapi.json`);
  expect(((await openapi.json()) as { openapi: string }).openapi).toMatch(/^3\.1/);
});

test("a key is made in the settings, shown once, and refused when it is revoked", async ({
  page,
}) => {
  await page.goto("/settings");
  await page.getByRole("button", { name: "New key" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Journey key");
  await page.getByRole("button", { name: "Make the key" }).click();
  const key = (await page.getByLabel("API key", { exact: true }).textContent()) ?? "";
  expect(key).toMatch(/^hdl_live_[0-9A-Za-z]{36}$/);
  await page.getByRole("button", { name: "Done" }).click();
  const run = async () =>
    (await send("/api/v1/runs", { key, body: { document: resizeDocument(), input: {} } })).status;
  expect(await run()).toBe(422);

  await page.getByRole("button", { name: "Revoke Journey key" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect.poll(run).toBe(401);
});

test("the same idempotency key makes one run, and refuses another body", async () => {
  const key = await makeKey();
  const headers = { "idempotency-key": `journey-${Date.now()}` };
  const file = await upload(new Uint8Array(await picture(64, 64, Date.now())), "photo.png");
  const { url } = (await file.json()) as { url: string };
  const body = { document: resizeDocument(), input: { image: url } };
  const answers = await Promise.all(
    [1, 2, 3].map(() => send("/api/v1/runs", { key, headers, body })),
  );
  const ids = await Promise.all(
    answers.map(async (one) => ((await one.json()) as RunAnswer).run.id),
  );
  expect(new Set(ids).size).toBe(1);
  const other = await send("/api/v1/runs", {
    key,
    headers,
    body: { ...body, document: resizeDocument("Another") },
  });
  expect([409, 422]).toContain(other.status);
});

test("a run tells what happens to it, to the end, and again from where a client left off", async () => {
  const key = await makeKey();
  const file = await upload(new Uint8Array(await picture(640, 480, Date.now())), "photo.png");
  const { url } = (await file.json()) as { url: string };
  const started = await send("/api/v1/runs", {
    key,
    body: { document: resizeDocument(), input: { image: url } },
  });
  const { run } = (await started.json()) as RunAnswer;
  const all = await (await send(`/api/v1/runs/${run.id}/events`, { key })).text();
  const ids = [...all.matchAll(/^id: (\d+)$/gm)].map((match) => Number(match[1]));
  expect(ids).toEqual(ids.map((_, index) => index + 1));
  expect(all).toContain("event: run.succeeded");
  const rest = await (
    await send(`/api/v1/runs/${run.id}/events`, { key, headers: { "last-event-id": "2" } })
  ).text();
  expect(/^id: (\d+)$/m.exec(rest)?.[1]).toBe("3");
});

test("an unchanged second run computes nothing and gives every output", async () => {
  const key = await makeKey();
  const file = await upload(new Uint8Array(await picture(400, 300, Date.now())), "photo.png");
  const { url } = (await file.json()) as { url: string };
  const run = async () => {
    const answer = await send("/api/v1/runs", {
      key,
      headers: { prefer: "wait=30" },
      body: { document: resizeDocument(), input: { image: url } },
    });
    return (await answer.json()) as RunAnswer & { cost: { usd: number; deviceMs: number } };
  };
  const first = await run();
  const second = await run();
  expect(second.run.status).toBe("SUCCEEDED");
  expect(second.steps.find(({ nodeId }) => nodeId === "smaller")?.cached).toBe(true);
  expect(second.cost.deviceMs).toBe(0);
  expect(second.outputs["result"]?.length).toBe(first.outputs["result"]?.length);
});
