import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { leaseResponseSchema, registerResponseSchema, type Task } from "@heddle/core";
import {
  createRunnerToken,
  findForeignFile,
  recordArtifact,
  revokeRunnerToken,
  submitRun,
} from "@heddle/db";
import { createTestDatabase, testCatalog, testDocument, testPlan } from "@heddle/db/testing";
import type { TestDatabase } from "@heddle/db/testing";
import {
  createBlobStore,
  createCheckpointStore,
  createDoorbell,
  createHttpBlobStore,
  createHttpCheckpointStore,
  createLive,
  createLog,
  type BlobStore,
  type Doorbell,
} from "@heddle/infra";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startOrchestrator, type Orchestrator } from "./start-orchestrator.ts";

/* Runners with tokens, as they come from other machines: what each of them may have of the server, and may not. */

const token = "the server's own secret";
const local = "ws_local";
const other = "ws_other";
const log = createLog({ app: "test", level: "fatal" });
const fileLimitBytes = 2 ** 20;

let test: TestDatabase;
let orchestrator: Orchestrator;
let doorbell: Doorbell;
let blobs: BlobStore;
let directory: string;
beforeAll(async () => {
  test = await createTestDatabase();
  await test.database.prisma.workspace.create({
    data: { id: other, slug: "other", name: "Other" },
  });
  directory = await mkdtemp(path.join(tmpdir(), "heddle-remote-"));
  blobs = createBlobStore(`file:${directory}`);
  doorbell = createDoorbell({ databaseUrl: test.url, log });
  orchestrator = await startOrchestrator({
    databaseUrl: test.url,
    port: 0,
    token,
    catalog: testCatalog,
    log,
    sweepMs: 100,
    blobs,
    checkpoints: createCheckpointStore(`file:${directory}`),
    fileLimitBytes,
  });
});
beforeEach(async () => {
  await test.database.pool.query(
    "TRUNCATE run, step, runner, runner_token, runner_file, artifact CASCADE",
  );
});
afterAll(async () => {
  await orchestrator.close();
  await doorbell.close();
  await test.drop();
  await rm(directory, { recursive: true, force: true });
});

function send(path: string, body: unknown, authorization: string): Promise<Response> {
  return fetch(`${orchestrator.url}/runner/v1/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: `Bearer ${authorization}` },
  });
}

interface Joined {
  readonly id: string;
  readonly token: string;
  readonly runnerId: string;
}

/** A runner that registered with a token of its own. */
async function join(workspaceId: string | null, name = "gpu-0"): Promise<Joined> {
  const made = await createRunnerToken(test.database, { workspaceId, name });
  const device = { kind: "cpu", label: "CPU", memoryBytes: 1 };
  const body = { protocol: 1, name, device, ops: ["work"], slots: 4 };
  const answer = await (await send("register", body, made.token)).json();
  return { ...made, runnerId: registerResponseSchema.parse(answer).runnerId };
}

async function lease({ token: own, runnerId }: Joined, waitMs: number): Promise<Task[]> {
  const response = await send("lease", { runnerId, freeSlots: 1, waitMs }, own);
  if (!response.ok) throw new Error(await response.text());
  return leaseResponseSchema.parse(await response.json()).tasks;
}

async function submit(name: string, workspaceId = local): Promise<string> {
  const document = testDocument({ only: ["work", { name }] });
  const about = { workspaceId, document, plan: testPlan(document), input: {}, deadlineSeconds: 60 };
  const { runId } = await submitRun(test.database, about);
  await doorbell.ring(runId);
  return runId;
}

/** Stores a file of the workspace, and makes it the input of the task. */
async function give(task: Task, text: string): Promise<string> {
  const { sha256, sizeBytes } = await blobs.put(new TextEncoder().encode(text));
  const artifact = { sha256, sizeBytes, contentType: "image/png" };
  const { workspaceId, taskId } = task;
  await recordArtifact(test.database, { workspaceId, artifact, storedAfter: 1e15 });
  const inputs = JSON.stringify({ in: { media: "image", artifact } });
  await test.database.pool.query("UPDATE step SET inputs = $2 WHERE id = $1", [taskId, inputs]);
  return sha256;
}

async function leaseOne(runner: Joined): Promise<Task> {
  const [task] = await lease(runner, 20_000);
  if (task === undefined) throw new Error("A task was expected");
  return task;
}

describe("a runner's token", () => {
  it("gets the steps of its workspace and of no other; one of the cluster gets all", async () => {
    const own = await join(other, "own");
    const cluster = await join(null, "cluster");
    await submit("of the local workspace");
    expect(await lease(own, 50)).toEqual([]);
    const [first] = await lease(cluster, 20_000);
    expect(first?.workspaceId).toBe(local);
    const runId = await submit("of the other workspace", other);
    expect(await lease(own, 20_000)).toMatchObject([{ runId, workspaceId: other }]);
    await submit("one more", other);
    expect(await lease(cluster, 20_000)).toMatchObject([{ workspaceId: other }]);
  });

  it("does not speak for the runner of another token, nor the server's own", async () => {
    const mine = await join(null, "mine");
    const theirs = await join(null, "theirs");
    const { runnerId } = theirs;
    const held = { runnerId, runId: "r", taskId: "t", epoch: 1, result: { status: "canceled" } };
    for (const as of [mine.token, token]) {
      expect((await send("lease", { runnerId, freeSlots: 1, waitMs: 0 }, as)).status).toBe(404);
      expect((await send("events", { runnerId, running: [] }, as)).status).toBe(404);
      expect((await send("complete", held, as)).status).toBe(404);
    }
  });

  it("is refused, with what to do, when it is none, unknown, or revoked", async () => {
    const { id, token: made, runnerId } = await join(null);
    const wish = { runnerId, freeSlots: 1, waitMs: 0 };
    expect((await send("lease", wish, made)).status).toBe(200);
    const stranger = await createRunnerToken(test.database, { workspaceId: null, name: "x" });
    await revokeRunnerToken(test.database, { id, workspaceId: local, cluster: true });
    await revokeRunnerToken(test.database, { id: stranger.id, workspaceId: local, cluster: true });
    for (const [given, words] of [
      ["hdl_run_x", "not a runner token"],
      [made, "revoked"],
      [stranger.token, "revoked"],
    ] as const) {
      const response = await send("lease", wish, given);
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ detail: expect.stringContaining(words) });
    }
  });

  it("that is revoked while its runner waits brings nothing any more; the step goes to another", async () => {
    const gone = await join(null, "gone");
    const { pool } = test.database;
    await pool.query("UPDATE runner SET last_seen_at = 'epoch'");
    const wish = { runnerId: gone.runnerId, freeSlots: 1, waitMs: 20_000 };
    const waiting = send("lease", wish, gone.token);
    const seen = "SELECT last_seen_at > 'epoch' AS seen FROM runner";
    await expect.poll(async () => (await pool.query(seen)).rows).toEqual([{ seen: true }]);
    await revokeRunnerToken(test.database, { id: gone.id, workspaceId: local, cluster: true });
    const runId = await submit("after that");
    expect((await waiting).status).toBe(401);
    const stays = await join(null, "stays");
    expect(await lease(stays, 20_000)).toMatchObject([{ runId }]);
  });
});

/** Hands in a file as the result of a task. */
async function handIn(runner: Joined, task: Task, sha256: string): Promise<unknown> {
  const { taskId, epoch, runId } = task;
  const artifact = { sha256, sizeBytes: 1, contentType: "image/png" };
  const outputs = { out: { media: "image", artifact } };
  const result = { status: "succeeded", outputs, loadMs: 0, deviceMs: 1 };
  const body = { runnerId: runner.runnerId, runId, taskId, epoch, result };
  await send("complete", body, runner.token);
  const attempts = "SELECT outcome, error FROM step_attempt WHERE step_id = $1 AND epoch = $2";
  return (await test.database.pool.query(attempts, [taskId, epoch])).rows[0];
}

describe("a runner of a workspace", () => {
  it("cannot hand in a file that it has not stored, and so read those of others by their hash", async () => {
    const { sha256: foreign } = await blobs.put(new TextEncoder().encode("somebody else's"));
    const options = { serverUrl: orchestrator.url, pausesMs: [] };
    const own = await join(other, "own");
    await submit("steals", other);
    const lie = await handIn(own, await leaseOne(own), foreign);
    expect(lie).toMatchObject({ outcome: "INFRA", error: { code: "output_not_stored" } });
    await test.database.pool.query("TRUNCATE run CASCADE");
    await submit("is honest", other);
    const task = await leaseOne(own);
    const store = createHttpBlobStore({ ...options, token: own.token });
    const { sha256 } = await store.put(new TextEncoder().encode("my own work"));
    // Storing it makes it this runner's, and nobody else's.
    const neighbour = await createRunnerToken(test.database, { workspaceId: other, name: "n" });
    const outputs = {
      out: { media: "image", artifact: { sha256, sizeBytes: 1, contentType: "image/png" } },
    } as const;
    const asked = { workspaceId: other, outputs };
    expect(await findForeignFile(test.database, { ...asked, tokenId: own.id })).toBeNull();
    expect(await findForeignFile(test.database, { ...asked, tokenId: neighbour.id })).toBe(sha256);
    const lost = await handIn(own, task, sha256);
    expect(lost).not.toMatchObject({ error: { code: "output_not_stored" } });
  });

  it("cannot speak of the progress of a run that is none of its own", async () => {
    const live = createLive({ databaseUrl: test.url, log });
    await live.ready();
    const heard: string[] = [];
    live.subscribe("heddle_progress", (payload) => heard.push(payload));
    const own = await join(other, "own");
    const foreignRun = await submit("foreign");
    await submit("own", other);
    const { taskId, epoch, runId, stepId, nodeIds, item } = await leaseOne(own);
    const about = { taskId, epoch, stepId, nodeIds, item, phase: "computing", total: 3 };
    const running = [{ taskId, epoch }];
    const tell = (progress: object, held: object[]) =>
      send("events", { runnerId: own.runnerId, running: held, progress: [progress] }, own.token);
    await tell({ ...about, runId: foreignRun, done: 1 }, running);
    await tell({ ...about, taskId: "stp_x", runId: foreignRun, done: 1 }, []);
    await tell({ ...about, runId, done: 2 }, running);
    await expect.poll(() => heard.map((one) => JSON.parse(one).done)).toEqual([2]);
    await live.close();
  });
});

describe("the files of the server, to a runner on another machine", () => {
  const storesOf = (runner: Joined) => {
    const options = { serverUrl: orchestrator.url, token: runner.token, pausesMs: [] };
    return { blobs: createHttpBlobStore(options), checkpoints: createHttpCheckpointStore(options) };
  };

  it("are those that its tasks take: whole, in part, and by size", async () => {
    const runner = await join(null);
    await submit("reads");
    const sha256 = await give(await leaseOne(runner), "a picture");
    const store = storesOf(runner).blobs;
    expect(Buffer.from(await store.read(sha256)).toString()).toBe("a picture");
    const part: Uint8Array[] = [];
    for await (const chunk of await store.stream(sha256, { start: 2, end: 5 })) part.push(chunk);
    expect(Buffer.concat(part).toString()).toBe("pict");
    expect(await store.head(sha256)).toMatchObject({ sizeBytes: 9, putAt: expect.any(Date) });
  });

  it("are none of those of tasks that it does not hold", async () => {
    const [runner, neighbour] = [await join(null, "runner"), await join(null, "neighbour")];
    await submit("held by one");
    const sha256 = await give(await leaseOne(runner), "not yours");
    const { sha256: loose } = await blobs.put(new TextEncoder().encode("of nobody's task"));
    const store = storesOf(neighbour).blobs;
    await expect(store.read(sha256)).rejects.toThrow("missing");
    expect(await store.head(sha256)).toBeNull();
    await expect(store.put(new TextEncoder().encode("junk"))).rejects.toThrow("missing");
    await expect(storesOf(runner).blobs.read(loose)).rejects.toThrow("missing");
    const url = `${orchestrator.url}/runner/v1/blobs/${sha256}`;
    const authorization = `Bearer ${neighbour.token}`;
    expect((await fetch(url, { headers: { authorization } })).status).toBe(404);
    expect((await fetch(url)).status).toBe(401);
  });

  it("take what it has made, under its hash and within the limit", async () => {
    const runner = await join(null);
    await submit("writes");
    await leaseOne(runner);
    const bytes = new Uint8Array(300_000).fill(7);
    const { sha256 } = await storesOf(runner).blobs.put(bytes);
    expect(sha256).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(Buffer.from(await blobs.read(sha256)).equals(bytes)).toBe(true);
    const put = (hash: string, body: string | ReadableStream) =>
      fetch(`${orchestrator.url}/runner/v1/blobs/${hash}`, {
        method: "PUT",
        body,
        headers: { authorization: `Bearer ${runner.token}` },
        duplex: "half",
      });
    const wrong = "0".repeat(64);
    expect((await put(wrong, "other bytes")).status).toBe(400);
    expect(await blobs.head(wrong)).toBeNull();
    expect(await blobs.head(createHash("sha256").update("other bytes").digest("hex"))).toBeNull();
    expect((await put(wrong, "x".repeat(fileLimitBytes + 1))).status).toBe(413);
    // Its size is not announced.
    const stream = new Blob(["x".repeat(fileLimitBytes + 1)]).stream();
    expect((await put(wrong, stream)).status).toBe(413);
    expect((await put("../../etc/passwd", "x")).status).toBe(404);
  });

  it("keep its checkpoints, for whoever holds the task next", async () => {
    const [first, second] = [await join(null, "first"), await join(null, "second")];
    await submit("trains");
    const task = await leaseOne(first);
    const key = `${task.workspaceId}/${task.cacheKey}`;
    const store = storesOf(first).checkpoints;
    expect(await store.read(key)).toBeNull();
    await store.write(key, new TextEncoder().encode("step 7"));
    await storesOf(second).checkpoints.write(key, new TextEncoder().encode("step 0"));
    expect(await storesOf(second).checkpoints.read(key)).toBeNull();
    await revokeRunnerToken(test.database, { id: first.id, workspaceId: local, cluster: true });
    await expect(store.read(key)).rejects.toThrow("revoked");
    await leaseOne(second);
    const again = await storesOf(second).checkpoints.read(key);
    expect(Buffer.from(again ?? []).toString()).toBe("step 7");
    await storesOf(second).checkpoints.remove(key);
    expect(await storesOf(second).checkpoints.read(key)).toBeNull();
  });
});
