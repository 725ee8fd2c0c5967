import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "@heddle/catalog";
import { compile, type ArtifactRef, type Document, type DocumentNode } from "@heddle/core";
import { getRun, readClock, recordArtifact, submitRun, type RunView } from "@heddle/db";
import { checkInvariants, createTestDatabase, type TestDatabase } from "@heddle/db/testing";
import { createBlobStore, createCheckpointStore, createLog, type BlobStore } from "@heddle/infra";
import { startOrchestrator, type Orchestrator } from "@heddle/orchestrator";
import { createOps, createWeights, startRunner, type Runner } from "@heddle/runner";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/*
 * The orchestrator and the runner as they are, over one file store in which a file goes bad between two runs.
 */

const workspaceId = "ws_local";
const token = "a token for the tests only";
const log = createLog({ app: "test", level: "fatal" });

let test: TestDatabase;
let orchestrator: Orchestrator;
let runner: Runner;
let directory: string;
let blobs: BlobStore;
beforeAll(async () => {
  test = await createTestDatabase();
  directory = await mkdtemp(join(tmpdir(), "heddle-damaged-"));
  const url = `file:${directory}`;
  blobs = createBlobStore(url);
  orchestrator = await startOrchestrator({
    databaseUrl: test.url,
    port: 0,
    token,
    catalog,
    log,
    sweepMs: 100,
  });
  runner = startRunner({
    serverUrl: orchestrator.url,
    token,
    blobs,
    checkpoints: createCheckpointStore(url),
    ops: createOps({ threads: availableParallelism(), weights: createWeights({}) }),
    slots: 2,
    name: "test",
    device: { kind: "cpu", label: "CPU", memoryBytes: 0 },
    log,
  });
});
afterAll(async () => {
  await runner.close();
  await orchestrator.close();
  await checkInvariants(test.database);
  await test.drop();
  await rm(directory, { recursive: true, force: true });
});

async function storePhoto(red: number): Promise<ArtifactRef> {
  const background = { r: red, g: 90, b: 60 };
  const png = await sharp({ create: { width: 32, height: 32, channels: 3, background } })
    .png()
    .toBuffer();
  const storedAfter = await readClock(test.database);
  const artifact = {
    ...(await blobs.put(png)),
    contentType: "image/png",
    width: 32,
    height: 32,
  };
  await recordArtifact(test.database, { workspaceId, artifact, storedAfter });
  return artifact;
}

/** A photo, turned, blurred. */
function turnAndBlur(photo: ArtifactRef, radius: number): Document {
  const node = (type: string, params: DocumentNode["params"]): DocumentNode => ({
    type,
    params,
    position: { x: 0, y: 0 },
    mode: "active",
    ports: [],
  });
  const wire = (id: string, from: string, to: string, port = "image") => ({
    id,
    from: { node: from, port: "image" },
    to: { node: to, port },
  });
  return {
    heddle: 1,
    name: "turn and blur",
    description: "",
    nodes: {
      photo: node("input-image", { name: "photo", value: JSON.parse(JSON.stringify(photo)) }),
      turn: node("rotate-flip", { turn: "half" }),
      blur: node("blur-sharpen", { radius }),
      result: node("output-image", { name: "result" }),
    },
    edges: [
      wire("e1", "photo", "turn"),
      wire("e2", "turn", "blur"),
      wire("e3", "blur", "result", "value"),
    ],
    notes: [],
  };
}

async function run(document: Document): Promise<RunView> {
  const compiled = compile(document, catalog, { requireInputs: true, randomSeed: () => 1 });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  const { runId } = await submitRun(test.database, {
    workspaceId,
    plan: compiled.plan,
    document,
    input: {},
    deadlineSeconds: 600,
  });
  const find = () => getRun(test.database, { workspaceId, runId });
  await expect
    .poll(async () => (await find())?.status, { timeout: 60_000, interval: 20 })
    .toMatch(/SUCCEEDED|FAILED/);
  const done = await find();
  if (done === null) throw new Error("The run is gone");
  return done;
}

const stepOf = ({ steps }: RunView, nodeId: string) =>
  steps.find(({ nodeIds }) => nodeIds.includes(nodeId));

function fileOf(view: RunView, nodeId: string): string {
  const sha256 = /[0-9a-f]{64}/.exec(JSON.stringify(stepOf(view, nodeId)?.outputs))?.[0];
  if (sha256 === undefined) throw new Error(`${nodeId} made no file`);
  return sha256;
}

const pathOf = (sha256: string) => join(directory, sha256.slice(0, 2), sha256.slice(2, 4), sha256);

async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  bytes.writeUInt8(bytes.readUInt8(60) ^ 1, 60);
  await writeFile(path, bytes);
}

describe("a runner that reads a file of an earlier run", () => {
  it.each([
    { damage: "missing", red: 20, code: "blob_missing", spoil: (path: string) => rm(path) },
    { damage: "flipped", red: 40, code: "blob_corrupt", spoil: flip },
  ])(
    "fails clearly when it is $damage, pays nothing, and the next run makes it again",
    async ({ red, code, spoil }) => {
      const photo = await storePhoto(red);
      const first = await run(turnAndBlur(photo, 1));
      expect(first.status).toBe("SUCCEEDED");
      const turned = fileOf(first, "turn");
      const right = await blobs.read(turned);
      await spoil(pathOf(turned));
      // The same start, so the damaged file is what the cache offers.
      const failed = await run(turnAndBlur(photo, 2));
      expect(failed.error).toMatchObject({ class: "INFRA", code, nodeId: "blur" });
      expect(failed.error?.message).toContain(turned);
      expect(failed.costUsd).toBe(0);
      const again = await run(turnAndBlur(photo, 2));
      expect(again.status).toBe("SUCCEEDED");
      expect(stepOf(again, "turn")?.cached).toBe(false);
      expect(fileOf(again, "turn")).toBe(turned);
      expect(Buffer.from(await blobs.read(turned)).equals(right)).toBe(true);
    },
  );

  it("fails clearly when it is an upload, which nobody can make again", async () => {
    const photo = await storePhoto(7);
    await rm(pathOf(photo.sha256));
    const failed = await run(turnAndBlur(photo, 1));
    expect(failed.error).toMatchObject({ class: "INFRA", code: "blob_missing", nodeId: "turn" });
    expect(failed.error?.message).toContain(photo.sha256);
  });
});
