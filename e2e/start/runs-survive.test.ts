import { afterAll, beforeAll, expect, it } from "vitest";
import { documentOf } from "../support/documents.ts";
import { freePort, HeddleProcess, temporaryFolder } from "../support/heddle-process.ts";
import { picture } from "../support/pictures.ts";
import { killAll, processesWith } from "../support/processes.ts";

let data: ReturnType<typeof temporaryFolder>;
let port: number;
let heddle: HeddleProcess;

beforeAll(async () => {
  data = temporaryFolder("heddle-survive-");
  port = await freePort();
  await start();
});
afterAll(async () => {
  await heddle.stop();
  data.dispose();
});

async function start(): Promise<void> {
  heddle = new HeddleProcess({ dataFolder: data.path, port });
  await heddle.untilHealthy();
}

interface RunAnswer {
  readonly run: { readonly id: string; readonly status: string };
  readonly outputs: Record<string, { width: number }[]>;
  readonly steps: { readonly nodeId: string; readonly status: string }[];
}

/** Upscales a picture that nobody has seen: seconds of work on a runner. */
async function startRun(): Promise<string> {
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(await picture(700, 500, Date.now()))]), "photo.png");
  const uploaded = await fetch(`${heddle.url}/api/v1/uploads`, { method: "POST", body: form });
  const { url } = (await uploaded.json()) as { url: string };
  const document = documentOf(
    {
      photo: { type: "input-image", params: { name: "image" } },
      large: { type: "upscale", params: { factor: 4 } },
      result: { type: "output-image", params: { name: "result" } },
    },
    ["photo.image > large.image", "large.image > result.value"],
  );
  const response = await fetch(`${heddle.url}/api/v1/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ document, input: { image: url } }),
  });
  expect(response.status).toBe(202);
  return ((await response.json()) as RunAnswer).run.id;
}

async function getRun(id: string): Promise<RunAnswer> {
  const response = await fetch(`${heddle.url}/api/v1/runs/${id}`);
  return (await response.json()) as RunAnswer;
}

async function untilLeased(id: string): Promise<void> {
  await expect
    .poll(async () => (await getRun(id)).steps.find(({ nodeId }) => nodeId === "large")?.status, {
      timeout: 60_000,
      interval: 50,
    })
    .toBe("LEASED");
}

/** The run has succeeded, and told so once. */
async function expectOneSuccess(id: string): Promise<void> {
  const status = async () => (await getRun(id).catch(() => null))?.run.status;
  await expect.poll(status, { timeout: 150_000, interval: 250 }).toBe("SUCCEEDED");
  expect((await getRun(id)).outputs["result"]).toMatchObject([{ width: 2_800 }]);
  const events = await (await fetch(`${heddle.url}/api/v1/runs/${id}/events`)).text();
  expect(events.match(/^event: run\.succeeded$/gm)).toHaveLength(1);
  expect(events.match(/^event: step\.succeeded$/gm)).toHaveLength(3);
}

function killProcess(mark: string): void {
  const all = processesWith(data.path).filter(({ command }) => !command.startsWith("/bin/sh"));
  const found = all.find(({ command }) => command.includes(mark));
  if (found === undefined) throw new Error(`${mark} does not run`);
  process.kill(found.pid, "SIGKILL");
}

it.each(["runner/dist", "orchestrator/dist", "bin/postgres -D"])(
  "a run survives kill -9 of %s, and is done once",
  async (mark) => {
    const id = await startRun();
    await untilLeased(id);
    killProcess(mark);
    await expectOneSuccess(id);
  },
);

it("a run survives the end of the whole server, and goes on with the next start", async () => {
  const id = await startRun();
  await untilLeased(id);
  await heddle.stop();
  await start();
  await expectOneSuccess(id);
});

it("a run survives kill -9 of everything, and goes on with the next start", async () => {
  const id = await startRun();
  await untilLeased(id);
  killAll(processesWith(data.path));
  await heddle.untilExit();
  await start();
  await expectOneSuccess(id);
});
