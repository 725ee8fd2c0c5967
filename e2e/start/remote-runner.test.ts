import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { documentOf, resizeDocument } from "../support/documents.ts";
import { checkout, freePort, HeddleProcess, temporaryFolder } from "../support/heddle-process.ts";
import { picture } from "../support/pictures.ts";
import { killAll, processesWith } from "../support/processes.ts";

/*
 * A server whose own two runners leave `resize` and `upscale` to others, and runners with another data folder that know
 * nothing of it but its address and a token.
 */

const cli = path.join(checkout, "apps/cli/heddle.mjs");
const data = temporaryFolder("heddle-server-");
const elsewhere = temporaryFolder("heddle-elsewhere-");
let heddle: HeddleProcess;
let remotes: RemoteRunner[] = [];

beforeAll(async () => {
  heddle = new HeddleProcess({
    dataFolder: data.path,
    port: await freePort(),
    env: {
      // What dies at work is not waited for long.
      HEDDLE_LEASE_SECONDS: "5",
      HEDDLE_RUNNERS: "2",
      RUNNER_OPS: "text-to-image;-resize,-upscale,-text-to-image",
    },
  });
  await heddle.untilHealthy();
});
afterEach(async () => {
  for (const remote of remotes) remote.kill();
  for (const remote of remotes) await remote.ended;
  remotes = [];
});
afterAll(async () => {
  await heddle.stop();
  data.dispose();
  elsewhere.dispose();
});

/** One `heddle runner`, with everything it said. */
class RemoteRunner {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output = "";
  readonly #name: string;

  constructor(token: string, name: string, ops: string) {
    this.#name = name;
    const args = ["runner", "--server", heddle.url, "--token", token, "--name", name];
    this.child = spawn(process.execPath, [cli, ...args, "--slots", "1", "--ops", ops], {
      env: { PATH: process.env["PATH"], HEDDLE_DATA_DIR: elsewhere.path, LOG_LEVEL: "debug" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const keep = (chunk: Buffer) => (this.output += chunk.toString());
    this.child.stdout?.on("data", keep);
    this.child.stderr?.on("data", keep);
    this.ended = new Promise((resolve) => this.child.once("close", resolve));
    remotes.push(this);
  }

  async untilSaid(text: string): Promise<void> {
    for (const startedAt = performance.now(); !this.output.includes(text); await delay(50))
      if (performance.now() - startedAt > 60_000)
        throw new Error(`${text} was not said:\n${this.output}`);
  }

  /** `kill -9` of the runner itself first, so that it cannot say goodbye. */
  kill(): void {
    const runner = processesWith(`RUNNER_NAME=${this.#name}`);
    killAll(runner.filter(({ command }) => command.includes("runner/dist")));
    this.child.kill("SIGKILL");
  }
}

function heddleJson(...args: string[]): unknown {
  const done = spawnSync(process.execPath, [cli, ...args, "--json"], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HEDDLE_DATA_DIR: data.path },
  });
  expect(done.status, done.stderr).toBe(0);
  return JSON.parse(done.stdout);
}

function makeToken(scope = "cluster"): { readonly id: string; readonly token: string } {
  const made = heddleJson("runners", "token", "create", "--name", "far", "--scope", scope);
  expect(made).toMatchObject({ token: expect.stringMatching(/^hdl_run_/) });
  return made as { id: string; token: string };
}

async function join(token: string, name: string, ops: string): Promise<RemoteRunner> {
  const remote = new RemoteRunner(token, name, ops);
  await remote.untilSaid('"registered"');
  return remote;
}

interface RunAnswer {
  readonly run: { readonly id: string; readonly status: string };
  readonly outputs: Record<string, { width: number; sha256: string }[]>;
  readonly steps: { readonly nodeId: string; readonly status: string }[];
}

async function start(document: object, bytes: Buffer): Promise<string> {
  const form = new FormData();
  form.set("file", new Blob([new Uint8Array(bytes)]), "photo.png");
  const uploaded = await fetch(`${heddle.url}/api/v1/uploads`, { method: "POST", body: form });
  const { url } = (await uploaded.json()) as { url: string };
  const response = await fetch(`${heddle.url}/api/v1/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ document, input: { image: url } }),
  });
  expect(response.status).toBe(202);
  return ((await response.json()) as RunAnswer).run.id;
}

async function getRun(id: string): Promise<RunAnswer> {
  return (await (await fetch(`${heddle.url}/api/v1/runs/${id}`)).json()) as RunAnswer;
}

async function expectSuccess(id: string, withinMs: number): Promise<RunAnswer> {
  const status = async () => (await getRun(id)).run.status;
  await expect.poll(status, { timeout: withinMs, interval: 100 }).toBe("SUCCEEDED");
  return getRun(id);
}

const upscaleDocument = documentOf(
  {
    photo: { type: "input-image", params: { name: "image" } },
    large: { type: "upscale", params: { factor: 4 } },
    result: { type: "output-image", params: { name: "result" } },
  },
  ["photo.image > large.image", "large.image > result.value"],
);

const runnersThere = async () => {
  const health = (await (await fetch(`${heddle.url}/api/health`)).json()) as { runners: unknown[] };
  return health.runners.length;
};

describe("a runner elsewhere, with nothing but the server's address and a token", () => {
  it("computes a step on a picture, and leaves when it is told to", async () => {
    const { token } = makeToken("workspace");
    expect(await runnersThere()).toBe(2);
    const remote = await join(token, "far", "resize");
    const id = await start(resizeDocument(), await picture(800, 600, Date.now()));
    const { outputs } = await expectSuccess(id, 30_000);
    expect(outputs["result"]).toMatchObject([{ width: 64 }]);
    expect(remote.output).toMatch(/"op":"resize","status":"succeeded"/);
    // What it made lies with the server, and what no task of it needs it does not get.
    const authorization = `Bearer ${token}`;
    const file = `/runner/v1/blobs/${outputs["result"]?.[0]?.sha256}`;
    const read = await fetch(`${heddle.url}${file}`, { headers: { authorization } });
    expect(read.status).toBe(404);
    expect((await fetch(`${heddle.url}${file}`)).status).toBe(401);
    expect(await runnersThere()).toBe(3);
    remote.child.kill("SIGTERM");
    expect(await remote.ended).toBe(0);
    expect(await runnersThere()).toBe(2);
  });

  it("that dies while it waits costs nothing: the next step goes to another at once", async () => {
    const { token } = makeToken();
    const gone = await join(token, "gone", "resize");
    await join(token, "stays", "resize");
    gone.kill();
    await gone.ended;
    const id = await start(resizeDocument(), await picture(500, 400, Date.now()));
    await expectSuccess(id, 15_000);
  });

  it("that dies at work is replaced when its lease has run out", async () => {
    const { token } = makeToken();
    const dies = await join(token, "dies", "upscale");
    const id = await start(upscaleDocument, await picture(600, 500, Date.now()));
    const leased = async () =>
      (await getRun(id)).steps.find(({ nodeId }) => nodeId === "large")?.status;
    await expect.poll(leased, { timeout: 30_000, interval: 50 }).toBe("LEASED");
    dies.kill();
    await join(token, "takes-over", "upscale");
    expect((await expectSuccess(id, 120_000)).outputs["result"]).toMatchObject([{ width: 2_400 }]);
  });

  it("hands back what it does when it is told to leave: it is free for others at once", async () => {
    const { token } = makeToken();
    const leaves = await join(token, "leaves", "upscale");
    const id = await start(upscaleDocument, await picture(1_400, 1_200, Date.now()));
    const leased = async () =>
      (await getRun(id)).steps.find(({ nodeId }) => nodeId === "large")?.status;
    await expect.poll(leased, { timeout: 30_000, interval: 50 }).toBe("LEASED");
    const before = performance.now();
    leaves.child.kill("SIGTERM");
    expect(await leaves.ended).toBe(0);
    expect(performance.now() - before).toBeLessThan(15_000);
    expect(await leased()).toBe("READY");
    await fetch(`${heddle.url}/api/v1/runs/${id}/cancel`, { method: "POST" });
  });

  it("is refused as soon as its token is revoked, and says so", async () => {
    const { id, token } = makeToken();
    const remote = await join(token, "revoked", "resize");
    expect(heddleJson("runners", "token", "list")).toMatchObject({
      tokens: expect.arrayContaining([expect.objectContaining({ id, runners: 1 })]),
    });
    expect(heddleJson("runners", "token", "revoke", id)).toEqual({ id, revoked: true });
    expect(await remote.ended).toBe(3);
    expect(remote.output).toContain("revoked");
    const again = new RemoteRunner(token, "revoked", "resize");
    expect(await again.ended).toBe(3);
    expect(again.output).toContain("This runner token does not exist, or it was revoked");
  });
});
