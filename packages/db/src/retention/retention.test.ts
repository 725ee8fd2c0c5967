import { createHash } from "node:crypto";
import type { ArtifactRef, Task, TaskResult } from "@heddle/core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { findArtifact, grantArtifact, readClock, recordArtifact } from "../artifacts.ts";
import { cachedSteps } from "../engine/cached-steps.ts";
import { claimOldest } from "../testing/claim-oldest.ts";
import {
  checkInvariants,
  createTestDatabase,
  passTime,
  testCatalog,
  testDocument,
  testPlan,
  type TestDatabase,
} from "../testing/index.ts";
import { pauseRun, resumeRun } from "../engine/pause-run.ts";
import { complete, emptyDatabase, start, view } from "../testing/test-engine.ts";
import { transaction } from "../transaction.ts";
import { createWorkflow, deleteWorkflow } from "../workflows/workflow.ts";
import { publishVersion } from "../workflows/version.ts";
import { localWorkspaceId as workspaceId } from "../workspaces.ts";
import { keepFiles } from "./artifact-lock.ts";
import { condemnArtifacts } from "./condemn-artifacts.ts";
import { forgetFile, forgetSweptResults } from "./forget-file.ts";
import { readStorage } from "./storage.ts";
import { findUnfinished, finishFiles, takeCondemned, takeUnheld } from "./take-files.ts";
import { useFiles } from "./use-files.ts";

const dayMs = 24 * 3_600_000;
const other = "ws_other";

let test: TestDatabase;
const database = () => test.database;
beforeAll(async () => {
  // No jitter: a retry may start at once.
  test = await createTestDatabase({ random: () => 0 });
  await database().prisma.workspace.create({ data: { id: other, slug: "other", name: "Other" } });
});
afterEach(async () => {
  await checkInvariants(database(), { isSwept: true });
  await emptyDatabase(database());
  await database().pool.query("TRUNCATE artifact, swept_blob, workflow CASCADE");
});
afterAll(() => test.drop());

function fileOf(name: string): ArtifactRef {
  const sha256 = createHash("sha256").update(name).digest("hex");
  return { sha256, contentType: "image/png", sizeBytes: 1_000, width: 4, height: 4 };
}

async function hold(name: string, about: { workspaceId?: string; pinned?: boolean } = {}) {
  const storedAfter = await readClock(database());
  return recordArtifact(database(), {
    workspaceId,
    ...about,
    artifact: fileOf(name),
    storedAfter,
  });
}

const condemn = () => condemnArtifacts(database(), { retentionMs: 30 * dayMs });
const take = () => takeCondemned(database(), { graceMs: dayMs });
/** As long as it takes for what nobody needs to go. */
async function outlive(): Promise<{ taken: number; sha256s: string[] }> {
  await passTime(database(), 31 * dayMs);
  await condemn();
  await passTime(database(), 2 * dayMs);
  return take();
}
const holds = async (name: string, where = workspaceId) =>
  (await findArtifact(database(), { workspaceId: where, sha256: fileOf(name).sha256 })) !== null;

/** A document that names a file in a parameter, as a picture that was chosen. */
const naming = (name: string) =>
  testDocument({ only: ["text", { text: "x", file: fileOf(name) }] });
const painting = (name: string) =>
  testDocument({ only: ["paint", { name }], copy: ["paint", { name: `copy of ${name}` }] }, [
    "only > copy.in",
  ]);

function painted(task: Task): TaskResult {
  const artifact = fileOf(JSON.stringify(task.params["name"]));
  const outputs = { out: { media: "image" as const, artifact } };
  return { status: "succeeded", outputs, loadMs: 0, deviceMs: 1 };
}
async function claimPaint(): Promise<Task> {
  const wish = { runnerId: "rnr_test", ops: ["paint"], limit: 1, leaseMs: 30_000 };
  const [task] = await claimOldest(database(), wish);
  if (task === undefined) throw new Error("Nothing to claim");
  return task;
}
async function paintOn(): Promise<void> {
  for (let step = 0; step < 2; step += 1) {
    const task = await claimPaint();
    await complete(database(), task, painted(task));
  }
}
async function paintAll(name: string): Promise<string> {
  const runId = await start(database(), painting(name));
  await paintOn();
  expect((await view(database(), runId)).status).toBe("SUCCEEDED");
  return runId;
}

describe("a file that nobody needs", () => {
  it("goes after the retention and the grace, not before", async () => {
    await hold("old");
    await passTime(database(), 29 * dayMs);
    expect(await condemn()).toBe(0);
    await passTime(database(), 2 * dayMs);
    expect(await condemn()).toBe(1);
    expect(await take()).toEqual({ taken: 0, sha256s: [] });
    expect(await holds("old")).toBe(true);
    await passTime(database(), 2 * dayMs);
    expect(await take()).toEqual({ taken: 1, sha256s: [fileOf("old").sha256] });
    expect(await holds("old")).toBe(false);
  });

  it("leaves its bytes where another workspace needs them", async () => {
    await hold("shared");
    await passTime(database(), 31 * dayMs);
    await grantArtifact(database(), {
      owner: workspaceId,
      workspaceId: other,
      ...fileOf("shared"),
    });
    await condemn();
    await passTime(database(), 2 * dayMs);
    expect(await take()).toEqual({ taken: 1, sha256s: [] });
    expect([await holds("shared"), await holds("shared", other)]).toEqual([false, true]);
  });

  it("is needed while a workflow, a version or Heddle itself names it, at any age", async () => {
    for (const name of ["saved", "published", "comes with Heddle"])
      await hold(name, { pinned: name === "comes with Heddle" });
    const saved = await createWorkflow(database(), {
      workspaceId,
      name: "w",
      document: naming("saved"),
    });
    const published = await createWorkflow(database(), {
      workspaceId,
      name: "p",
      document: naming("published"),
    });
    await publishVersion(database(), {
      workspaceId,
      workflowId: published.id,
      slug: "p",
      note: "",
      document: published.document,
    });
    expect((await outlive()).taken).toBe(0);
    await deleteWorkflow(database(), { workspaceId, id: saved.id });
    expect((await outlive()).sha256s).toEqual([fileOf("saved").sha256]);
  });

  it("is needed while a share page shows it: the newest six results of a version", async () => {
    const document = testDocument({ only: ["paint", { name: "0" }], result: ["show"] }, [
      "only > result.value",
    ]);
    const { id: workflowId } = await createWorkflow(database(), {
      workspaceId,
      name: "w",
      document,
    });
    const version = { workspaceId, workflowId, slug: "w", note: "", document };
    const { id: versionId } = await publishVersion(database(), version);
    for (let index = 0; index < 8; index += 1) {
      const nodes = { only: ["paint", { name: `${index}` }], result: ["show"] } as const;
      await start(database(), testDocument(nodes, ["only > result.value"]), {
        workflowId,
        versionId,
      });
      const task = await claimPaint();
      await complete(database(), task, painted(task));
    }
    const gone = (await outlive()).sha256s.toSorted();
    expect(gone).toEqual([fileOf('"0"').sha256, fileOf('"1"').sha256].toSorted());
  });

  it("is needed while a run that may have it is under way, or paused", async () => {
    await hold("input");
    const runId = await start(database(), painting("slow"));
    expect((await outlive()).taken).toBe(0);
    await pauseRun(database(), { runId, workspaceId, catalog: testCatalog });
    expect((await outlive()).taken).toBe(0);
    await resumeRun(database(), { runId, workspaceId, catalog: testCatalog });
    await paintOn();
    expect((await outlive()).taken).toBe(3);
  });
});

describe("a condemned file", () => {
  it("comes back with a hit, an upload of the same bytes, a saved workflow or a run that reads it", async () => {
    await paintAll("hit");
    for (const name of ["upload", "saved", "read"]) await hold(name);
    await passTime(database(), 31 * dayMs);
    expect(await condemn()).toBe(5);
    await start(database(), painting("hit"));
    await hold("upload");
    await createWorkflow(database(), { workspaceId, name: "w", document: naming("saved") });
    const photo = { media: "image" as const, artifact: fileOf("read") };
    await start(database(), testDocument({ only: ["text"] }), { input: { photo } });
    await passTime(database(), 2 * dayMs);
    expect(await take()).toEqual({ taken: 0, sha256s: [] });
  });

  it("comes back with a hit that is not committed yet when the files are taken", async () => {
    await hold("racing");
    await passTime(database(), 31 * dayMs);
    await condemn();
    await passTime(database(), 2 * dayMs);
    let taking: ReturnType<typeof take> | undefined;
    await transaction(database(), async (tx) => {
      await tx.query(keepFiles, []);
      taking = take();
      await waitsForLock();
      await useFiles(tx, workspaceId, [fileOf("racing").sha256]);
    });
    expect(await taking).toEqual({ taken: 0, sha256s: [] });
    expect(await holds("racing")).toBe(true);
  });

  it("does not keep others waiting for long: a sweep that cannot have the lock gives up", async () => {
    await transaction(database(), async (tx) => {
      await tx.query(keepFiles, []);
      await expect(take()).rejects.toThrow("lock timeout");
    });
  });
});

/** Somebody waits to take files. */
async function waitsForLock(): Promise<void> {
  const waiting = `SELECT count(*)::int AS count FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
  await expect
    .poll(async () => (await database().pool.query(waiting)).rows[0]?.count, { interval: 5 })
    .toBeGreaterThan(0);
}

describe("a result whose file was swept", () => {
  it("is no longer reused: the work is done again, and only that which is needed", async () => {
    await paintAll("again");
    expect((await outlive()).taken).toBe(2);
    const plan = testPlan(painting("again"));
    expect(await cachedSteps(database(), { workspaceId, plan, catalog: testCatalog })).toEqual([]);
    await finishFiles(database(), { removed: await findUnfinished(database()), left: [] });
    await paintAll("again");
    const reused = await start(database(), painting("again"));
    expect((await view(database(), reused)).steps.every(({ cached }) => cached)).toBe(true);
  });

  it("takes no room for long", async () => {
    await paintAll("row");
    expect(await forgetSweptResults(database())).toBe(0);
    await outlive();
    expect(await forgetSweptResults(database())).toBe(2);
  });

  it("is refused when the file was stored before the sweep and handed in after it, and made again", async () => {
    const runId = await start(database(), testDocument({ only: ["paint", { name: "late" }] }));
    const late = await claimPaint();
    const file = fileOf('"late"').sha256;
    // The runner has stored the file; the store is looked through, and nobody holds it.
    expect(await takeUnheld(database(), [file])).toEqual([file]);
    await complete(database(), late, painted(late));
    expect(await holds('"late"')).toBe(false);
    await finishFiles(database(), { removed: [file], left: [] });
    const again = await claimPaint();
    expect(again).toMatchObject({ taskId: late.taskId, epoch: 2 });
    await complete(database(), again, painted(again));
    expect(await holds('"late"')).toBe(true);
    expect(await view(database(), runId)).toMatchObject({ status: "SUCCEEDED" });
    expect(await takeUnheld(database(), [file])).toEqual([]);
  });

  it("is refused from an upload too, until the bytes are stored again", async () => {
    const { sha256 } = fileOf("upload");
    const storedAfter = await readClock(database());
    const record = () =>
      recordArtifact(database(), { workspaceId, artifact: fileOf("upload"), storedAfter });
    await takeUnheld(database(), [sha256]);
    expect([await record(), await hold("upload")]).toEqual([false, false]);
    await finishFiles(database(), { removed: [sha256], left: [] });
    expect([await record(), await hold("upload")]).toEqual([false, true]);
  });

  it("counts when the sweep left the file where it was", async () => {
    await start(database(), testDocument({ only: ["paint", { name: "left" }] }));
    const task = await claimPaint();
    const file = fileOf('"left"').sha256;
    await takeUnheld(database(), [file]);
    await finishFiles(database(), { removed: [], left: [file] });
    await complete(database(), task, painted(task));
    expect(await holds('"left"')).toBe(true);
  });
});

describe("a file that is found missing or damaged", () => {
  it("takes the results with it that have it, and no others", async () => {
    await paintAll("lost");
    await paintAll("kept");
    expect(await forgetFile(database(), fileOf('"lost"').sha256)).toBe(1);
    expect(await forgetFile(database(), fileOf("nobody's").sha256)).toBe(0);
    const reused = async (name: string) =>
      cachedSteps(database(), {
        workspaceId,
        plan: testPlan(painting(name)),
        catalog: testCatalog,
      });
    expect([await reused("lost"), await reused("kept")]).toEqual([[], ["only", "copy"]]);
  });
});

describe("the storage of a workspace", () => {
  it("is what its files take, each once", async () => {
    expect(await readStorage(database(), workspaceId)).toEqual({ files: 0, sizeBytes: 0 });
    for (const name of ["a", "b", "a"]) await hold(name);
    await hold("c", { workspaceId: other });
    expect(await readStorage(database(), workspaceId)).toEqual({ files: 2, sizeBytes: 2_000 });
  });
});
