import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { recordArtifact } from "./artifacts.ts";
import { claimOldest } from "./testing/claim-oldest.ts";
import { completeTasks } from "./engine/complete-tasks.ts";
import { sweep } from "./engine/sweep.ts";
import { runnerMayCheckpoint, runnerMayRead, runnerMayWrite } from "./runner-needs.ts";
import {
  createRunnerToken,
  findRunnerToken,
  isRunnerToken,
  listRunnerTokens,
  revokeRunnerToken,
  type RunnerIdentity,
} from "./runner-tokens.ts";
import { findRunnerIdentity, listRunners, registerRunner, touchRunner } from "./runners.ts";
import { secretHash } from "./secret-text.ts";
import {
  createTestDatabase,
  testCatalog,
  testDocument,
  type TestDatabase,
} from "./testing/index.ts";
import {
  claimOne,
  drain,
  emptyDatabase,
  start,
  workResult,
  offerFirst,
} from "./testing/test-engine.ts";
import { localWorkspaceId as workspaceId } from "./workspaces.ts";

let test: TestDatabase;
const database = () => test.database;
const other = "ws_other";
beforeAll(async () => {
  test = await createTestDatabase({ random: () => 0 });
  await database().prisma.workspace.create({ data: { id: other, slug: "other", name: "Other" } });
});
afterEach(async () => {
  await emptyDatabase(database());
  await database().pool.query("TRUNCATE runner_token, artifact");
});
afterAll(() => test.drop());

const device = { kind: "cpu", label: "CPU", memoryBytes: 1 } as const;
const single = (name: string) =>
  testDocument({ only: ["work", { name }], out: ["output"] }, ["only > out.value"]);

/** A token, and a runner that registered with it. */
async function join(of: string | null, name = "gpu-0") {
  const { id, token } = await createRunnerToken(database(), { workspaceId: of, name });
  const identity: RunnerIdentity = { tokenId: id, workspaceId: of };
  const runner = { name, device, ops: ["work"], slots: 1, identity };
  return { ...identity, id, token, runnerId: await registerRunner(database(), runner) };
}

const claimFor = ({ runnerId }: { runnerId: string }) =>
  claimOldest(database(), { runnerId, ops: ["work"], limit: 5, leaseMs: 30_000 });

describe("a runner token", () => {
  it("is known by its hash until it is revoked; the token itself is nowhere", async () => {
    const owner = { workspaceId, cluster: true };
    const made = await createRunnerToken(database(), { workspaceId: null, name: "lab" });
    expect(made.token).toMatch(/^hdl_run_[0-9A-Za-z]{36}$/);
    expect(isRunnerToken(made.token)).toBe(true);
    expect(isRunnerToken(made.token.replace("hdl_run_", "hdl_live_"))).toBe(false);
    const find = () => findRunnerToken(database(), secretHash(made.token));
    expect(await find()).toEqual({ tokenId: made.id, workspaceId: null });
    const { rows } = await database().pool.query(
      "SELECT to_jsonb(t)::text AS row FROM runner_token t",
    );
    expect(JSON.stringify(rows)).not.toContain(made.token.slice(8));
    const [listed] = await listRunnerTokens(database(), owner);
    expect(listed).toMatchObject({ id: made.id, name: "lab", lastFour: made.lastFour, runners: 0 });
    expect(listed?.lastUsedAt).toBeInstanceOf(Date);
    expect(await revokeRunnerToken(database(), { ...owner, id: made.id })).toBe(true);
    expect(await revokeRunnerToken(database(), { ...owner, id: made.id })).toBe(false);
    expect(await find()).toBeNull();
    expect(await listRunnerTokens(database(), owner)).toEqual([]);
  });

  it("is seen and revoked by its workspace only, one of the cluster by whoever runs that", async () => {
    const cluster = await createRunnerToken(database(), { workspaceId: null, name: "cluster" });
    const own = await createRunnerToken(database(), { workspaceId: other, name: "own" });
    const ids = async (of: { workspaceId: string; cluster: boolean }) =>
      (await listRunnerTokens(database(), of)).map(({ id }) => id);
    expect(await ids({ workspaceId: other, cluster: false })).toEqual([own.id]);
    expect(await ids({ workspaceId, cluster: true })).toEqual([cluster.id]);
    for (const [id, of] of [
      [cluster.id, { workspaceId: other, cluster: false }],
      [own.id, { workspaceId, cluster: true }],
    ] as const)
      expect(await revokeRunnerToken(database(), { id, ...of })).toBe(false);
  });

  it("that is revoked takes its runners with it, and what they had leased is free for others", async () => {
    await start(database(), single("revoked"));
    const { id, runnerId } = await join(null);
    await claimOne(database(), runnerId);
    await revokeRunnerToken(database(), { id, workspaceId, cluster: true });
    await expect(touchRunner(database(), runnerId)).rejects.toMatchObject({ code: "conflict" });
    expect(await listRunners(database())).toEqual([]);
    expect((await sweep(database(), { catalog: testCatalog })).expiredLeases).toBe(1);
    expect(await drain(database())).toHaveLength(1);
  });

  it("is what a name belongs to: a runner with another token takes nobody's place", async () => {
    const first = await join(null, "same");
    const second = await join(other, "same");
    await touchRunner(database(), first.runnerId);
    await touchRunner(database(), second.runnerId);
    expect(await findRunnerIdentity(database(), second.runnerId)).toEqual({
      tokenId: second.id,
      workspaceId: other,
    });
    expect(await findRunnerIdentity(database(), "rnr_nobody")).toBeNull();
  });
});

describe("a workspace's own runner", () => {
  it("takes steps of that workspace only, and is seen by that workspace only", async () => {
    const runner = await join(other);
    await start(database(), single("foreign"));
    expect(await claimFor(runner)).toEqual([]);
    const runId = await start(database(), single("own"), { workspaceId: other });
    expect(await claimFor(runner)).toMatchObject([{ runId, workspaceId: other }]);
    expect(await listRunners(database(), { workspaceId })).toEqual([]);
    expect(await listRunners(database(), { workspaceId: other })).toHaveLength(1);
    expect(await listRunners(database())).toHaveLength(1);
  });

  it("leaves steps of its workspace to the cluster's runners too", async () => {
    await start(database(), single("any"), { workspaceId: other });
    const cluster = await join(null);
    expect(await claimFor(cluster)).toHaveLength(1);
  });

  it("gets no step of another workspace by handing something in for its run", async () => {
    const chain = testDocument({ a: ["work", { name: "a" }], b: ["work", { name: "b" }] });
    const runId = await start(database(), chain);
    const runner = await join(other);
    const [task] = await claimFor({ runnerId: "rnr_test" });
    if (task === undefined) throw new Error("Nothing to claim");
    const { taskId, epoch } = task;
    const { runnerId } = runner;
    const completion = { runnerId, taskId, epoch, result: workResult(task), wish: true };
    const next = { leaseMs: 30_000, reserved: [], choose: offerFirst };
    const options = { runId, completions: [completion], next, catalog: testCatalog };
    const { accepted, leased } = await completeTasks(database(), options);
    expect({ accepted, leased }).toEqual({ accepted: [false], leased: [null] });
  });
});

describe("a runner without the stores of the server", () => {
  const sha256 = "a".repeat(64);
  const value = { media: "image", artifact: { sha256, contentType: "image/png", sizeBytes: 3 } };

  /** Its task takes the file, which the workspace holds. */
  async function hold(tokenId: string | null, runnerId: string) {
    await start(database(), single("needs"));
    const task = await claimOne(database(), runnerId);
    await database().pool.query("UPDATE step SET inputs = $2 WHERE id = $1", [
      task.taskId,
      JSON.stringify({ in: { media: "list", of: "image", items: [value] } }),
    ]);
    return { task, read: (hash: string) => runnerMayRead(database(), { tokenId, sha256: hash }) };
  }

  it("reads the inputs of the tasks that it holds, as long as it holds them, and nothing else", async () => {
    const { tokenId, runnerId } = await join(null);
    const stranger = await join(null, "stranger");
    expect(await runnerMayWrite(database(), tokenId)).toBe(false);
    const { read, task } = await hold(tokenId, runnerId);
    // Named by the task, and not a file of its workspace.
    expect(await read(sha256)).toBe(false);
    const artifact = { sha256, contentType: "image/png", sizeBytes: 3 };
    await recordArtifact(database(), { workspaceId, artifact, storedAfter: 1e15 });
    expect(await read(sha256)).toBe(true);
    expect(await read("b".repeat(64))).toBe(false);
    expect(await runnerMayWrite(database(), tokenId)).toBe(true);
    const { cacheKey } = task;
    const checkpoint = { tokenId, workspaceId, cacheKey };
    expect(await runnerMayCheckpoint(database(), checkpoint)).toBe(true);
    expect(await runnerMayCheckpoint(database(), { ...checkpoint, workspaceId: other })).toBe(
      false,
    );
    for (const [id, may] of [
      [stranger.tokenId, false],
      [null, false],
    ] as const) {
      expect(await runnerMayRead(database(), { tokenId: id, sha256 })).toBe(may);
      expect(await runnerMayWrite(database(), id)).toBe(may);
    }
    await database().pool.query("UPDATE step SET lease_expires_at = now() - interval '1 second'");
    await sweep(database(), { catalog: testCatalog });
    expect(await read(sha256)).toBe(false);
    expect(await runnerMayWrite(database(), tokenId)).toBe(false);
  });
});
