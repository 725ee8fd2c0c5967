import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Task } from "@heddle/core";
import {
  advanceRun,
  completeTasks,
  condemnArtifacts,
  getRun,
  readClock,
  recordArtifact,
  submitRun,
  sweep,
  takeCondemned,
} from "@heddle/db";
import {
  checkInvariants,
  createTestDatabase,
  passTime,
  testCatalog as catalog,
  testDocument,
  testPlan,
  type TestDatabase,
} from "@heddle/db/testing";
import { claimOldest } from "@heddle/db/testing";
import { createBlobStore, type BlobStore } from "@heddle/infra";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { sweepFiles, type SweepFilesOptions } from "./sweep-files.ts";

const workspaceId = "ws_local";
const dayMs = 24 * 3_600_000;

let test: TestDatabase;
let directory: string;
let blobs: BlobStore;
beforeEach(async () => {
  // No jitter: a retry may start at once.
  test = await createTestDatabase({ random: () => 0 });
  directory = await mkdtemp(join(tmpdir(), "heddle-sweep-"));
  blobs = createBlobStore(`file:${directory}`);
});
afterEach(async () => {
  await checkInvariants(test.database, { isSwept: true });
  await test.drop();
  await rm(directory, { recursive: true, force: true });
});

/** Without a grace in the store: nothing but the database's word keeps a blob. */
function clean(about: Partial<SweepFilesOptions> = {}) {
  const { database } = test;
  return sweepFiles({ database, blobs, retentionMs: dayMs, graceMs: 0, orphans: true, ...about });
}

const bytesOf = (name: string) => Buffer.from(`the bytes of ${name}`);
const hashOf = (name: string) => createHash("sha256").update(bytesOf(name)).digest("hex");
const paintDocument = (name: string) => testDocument({ only: ["paint", { name }] });

async function submit(name: string): Promise<string> {
  const { database } = test;
  const document = paintDocument(name);
  const { runId } = await submitRun(database, {
    workspaceId,
    plan: testPlan(document),
    document,
    input: {},
    deadlineSeconds: 7 * 24 * 3600,
  });
  await advance(runId);
  return runId;
}

async function advance(runId: string): Promise<void> {
  const { wake } = await advanceRun(test.database, { runId, catalog });
  for (const other of wake) await advance(other);
}

async function claim(runnerId: string): Promise<Task | undefined> {
  const wish = { runnerId, ops: ["paint"], limit: 1, leaseMs: 3_600_000 };
  return (await claimOldest(test.database, wish))[0];
}

/** As a runner does: the bytes into the store, then the name of them to the orchestrator. */
async function paint(task: Task, runnerId: string): Promise<void> {
  const name = z.string().parse(task.params["name"]);
  const blob = await blobs.put(bytesOf(name));
  // Not at once: what comes in between is what this is about.
  for (let turn = 0; turn < 3; turn += 1) await readClock(test.database);
  const artifact = { ...blob, contentType: "image/png", width: 1, height: 1 };
  const outputs = { out: { media: "image" as const, artifact } };
  const result = { status: "succeeded" as const, outputs, loadMs: 0, deviceMs: 1 };
  const { taskId, epoch, runId } = task;
  const { wake } = await completeTasks(test.database, {
    runId,
    catalog,
    completions: [{ runnerId, taskId, epoch, result }],
  });
  for (const other of wake) await advance(other);
}

/** As an upload does. Whether it was recorded: a sweep may take the bytes right after they came. */
async function upload(name: string): Promise<boolean> {
  const storedAfter = await readClock(test.database);
  const artifact = { ...(await blobs.put(bytesOf(name))), contentType: "image/png" };
  return recordArtifact(test.database, { workspaceId, artifact, storedAfter });
}

async function heldFiles(): Promise<string[]> {
  const { rows } = await test.database.pool.query<{ sha256: string }>(
    "SELECT sha256 FROM artifact",
  );
  return rows.map(({ sha256 }) => sha256);
}

describe("a sweep of files", () => {
  it("removes the bytes of what nobody needs, of what nobody holds, and nothing else", async () => {
    await upload("old");
    await passTime(test.database, 2 * dayMs);
    await upload("new");
    await blobs.put(bytesOf("orphan"));
    expect(await clean()).toEqual({ condemned: 1, taken: 1, removed: 2 });
    expect(await clean()).toEqual({ condemned: 0, taken: 0, removed: 0 });
    expect(await heldFiles()).toEqual([hashOf("new")]);
    const left = await Promise.all(
      ["old", "new", "orphan"].map((name) => blobs.head(hashOf(name))),
    );
    expect(left.map((facts) => facts !== null)).toEqual([false, true, false]);
  });

  it("keeps everything that is held when no retention is set", async () => {
    await upload("held");
    await passTime(test.database, 10_000 * dayMs);
    expect(await clean({ retentionMs: undefined })).toEqual({ condemned: 0, taken: 0, removed: 0 });
  });

  it("goes on where one was killed after it took files and before it removed them", async () => {
    await upload("half gone");
    await passTime(test.database, 2 * dayMs);
    await condemnArtifacts(test.database, { retentionMs: dayMs });
    expect((await takeCondemned(test.database, { graceMs: 0 })).sha256s).toHaveLength(1);
    expect(await blobs.head(hashOf("half gone"))).not.toBeNull();
    expect(await upload("half gone")).toBe(false);
    expect(await clean({ orphans: false })).toMatchObject({ removed: 1 });
    expect(await blobs.head(hashOf("half gone"))).toBeNull();
    expect(await upload("half gone")).toBe(true);
  });

  it("leaves a blob that was put within the grace", async () => {
    await blobs.put(bytesOf("under way"));
    expect(await clean({ graceMs: dayMs })).toMatchObject({ removed: 0 });
    expect(await blobs.head(hashOf("under way"))).not.toBeNull();
  });

  it("is done by one process at a time", async () => {
    for (let index = 0; index < 30; index += 1) await blobs.put(bytesOf(`orphan ${index}`));
    const swept = await Promise.all([clean(), clean(), clean()]);
    expect(swept.filter((one) => one !== null).reduce((sum, { removed }) => sum + removed, 0)).toBe(
      30,
    );
  });
});

describe("while files are swept without a pause", () => {
  const names = Array.from({ length: 40 }, (_, index) => `picture ${index}`);
  const counts = { hits: 0, made: 0, uploads: 0, condemned: 0, swept: 0, looks: 0 };
  const missing: string[] = [];
  let over: boolean;
  let seed: number;
  const pick = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return names[seed % names.length] ?? "";
  };

  async function runAndRun(rounds: number): Promise<void> {
    for (let round = 0; round < rounds; round += 1) {
      const runId = await submit(pick());
      const run = await getRun(test.database, { workspaceId, runId });
      if (run?.steps[0]?.cached === true) counts.hits += 1;
    }
  }

  async function paintOn(runnerId: string): Promise<void> {
    for (let idle = 0; !over || idle < 20;) {
      const task = await claim(runnerId);
      idle = task === undefined ? idle + 1 : 0;
      if (task !== undefined) await paint(task, runnerId);
      counts.made += task === undefined ? 0 : 1;
    }
  }

  async function uploadOn(): Promise<void> {
    while (!over) if (await upload(pick())) counts.uploads += 1;
  }

  async function sweepOn(): Promise<void> {
    while (!over) {
      await passTime(test.database, 2 * dayMs);
      counts.condemned += await condemnArtifacts(test.database, { retentionMs: dayMs });
      await passTime(test.database, 2 * dayMs);
      // A run that is under way pins all; and a sweep that finds the engine busy gives up.
      const swept = await clean({ orphans: false }).catch(() => null);
      counts.swept += swept?.removed ?? 0;
      await sweep(test.database, { catalog });
    }
  }

  /** Now and then: a step that is done again and again is given up in the end. */
  async function sweepOrphansOn(): Promise<void> {
    for (let madeThen = 0; !over;) {
      await readClock(test.database);
      if (counts.made < madeThen + 8) continue;
      madeThen = counts.made;
      const swept = await clean({ retentionMs: undefined }).catch(() => null);
      counts.swept += swept?.removed ?? 0;
    }
  }

  /** What a workspace holds is there, at every moment: while its row is locked, it cannot be taken. */
  async function lookOn(): Promise<void> {
    const client = await test.database.pool.connect();
    while (!over) {
      for (const sha256 of await heldFiles()) {
        await client.query("BEGIN");
        const held = await client.query("SELECT FROM artifact WHERE sha256 = $1 FOR KEY SHARE", [
          sha256,
        ]);
        if (held.rowCount === 1 && (await blobs.head(sha256)) === null) missing.push(sha256);
        await client.query("COMMIT");
        counts.looks += 1;
      }
    }
    client.release();
  }

  it("no file that a workspace holds is ever missing, and every run ends", async () => {
    over = false;
    seed = 7;
    const others = [
      paintOn("rnr_a"),
      paintOn("rnr_b"),
      uploadOn(),
      sweepOn(),
      sweepOrphansOn(),
      lookOn(),
    ];
    await Promise.all([runAndRun(120), runAndRun(120)]);
    over = true;
    await Promise.all(others);
    expect(missing).toEqual([]);
    for (const sha256 of await heldFiles()) await blobs.read(sha256);
    // Without a grace a step may be unlucky five times, and then says so.
    const { rows } = await test.database.pool.query<{ ended: string }>(
      "SELECT coalesce(error->>'code', status::text) AS ended FROM run",
    );
    expect(rows).toHaveLength(240);
    expect(rows.filter(({ ended }) => !["SUCCEEDED", "blob_swept"].includes(ended))).toEqual([]);
    for (const [what, count] of Object.entries(counts))
      expect([what, count > 0]).toEqual([what, true]);
  });
});
