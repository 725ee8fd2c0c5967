import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CrashPoint, Document } from "@heddle/core";
import { findDamagedArtifacts } from "@heddle/db/testing";
import { createBlobStore } from "@heddle/infra";
import { describe, expect, it } from "vitest";
import { chainDocument } from "../overhead/bench-catalog.ts";
import { leaseMs, useParts } from "./use-parts.ts";

const parts = useParts();

/** What another lease than the first costs at most: the lease, a sweep or two, and the processes' start. */
const recoveryMs = leaseMs + 5_000;

async function countOf(sql: string): Promise<number> {
  const { rows } = await parts.database.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM ${sql}`,
  );
  return rows[0]?.count ?? 0;
}

describe("a run comes to its end once, and is paid for once, when a process dies", () => {
  it("mid-submit: nothing of the run is there, and the same request makes it", async () => {
    const lost = await parts.startSubmitter("key", "mid-submit");
    expect(await lost.ended).toBe("SIGKILL");
    for (const table of ["run", "step", "run_event", "idempotency_key"])
      await expect.poll(() => countOf(table)).toBe(0);
    const { runId } = await parts.startSubmitter("key");
    expect((await parts.startSubmitter("key")).runId).toBe(runId);
    await parts.startOrchestrator();
    await parts.startRunner();
    await parts.expectWhole(runId);
    expect(await countOf("run")).toBe(1);
  });

  it("mid-advance: the run is as it was submitted, no key is held, and the next one advances it", async () => {
    const orchestrator = await parts.startOrchestrator("mid-advance");
    const runId = await parts.submit(chainDocument("mid-advance", 3));
    expect(await orchestrator.ended).toBe("SIGKILL");
    await expect
      .poll(() => countOf("pg_stat_activity WHERE state = 'idle in transaction'"))
      .toBe(0);
    expect(await countOf("step WHERE status <> 'BLOCKED'")).toBe(0);
    expect(await countOf("inflight")).toBe(0);
    await parts.startOrchestrator();
    await parts.startRunner();
    await parts.expectWhole(runId);
  });

  it("after-claim: the lease that nobody knows of runs out, and another one is given", async () => {
    const orchestrator = await parts.startOrchestrator("after-claim");
    await parts.startRunner();
    const runId = await parts.submit(chainDocument("after-claim", 2));
    expect(await orchestrator.ended).toBe("SIGKILL");
    expect(await countOf("step WHERE status = 'LEASED'")).toBe(1);
    const before = performance.now();
    await parts.startOrchestrator();
    await parts.expectWhole(runId);
    expect(performance.now() - before).toBeLessThan(recoveryMs);
    expect(await countOf("step_attempt WHERE outcome = 'LOST'")).toBe(1);
  });

  it("after-blob: the file is there, the result is not, and is made again under the same name", async () => {
    const folder = await mkdtemp(join(tmpdir(), "heddle-crash-"));
    const blobUrl = `file:${folder}`;
    try {
      await parts.startOrchestrator();
      const runner = await parts.startRunner({ blobUrl, crashAt: "after-blob" });
      const runId = await parts.submit(storeDocument("after-blob"));
      expect(await runner.ended).toBe("SIGKILL");
      expect(await countOf("artifact")).toBe(0);
      await parts.startRunner({ blobUrl, name: "another" });
      await parts.expectWhole(runId);
      expect(await countOf("artifact")).toBe(1);
      const blobs = createBlobStore(blobUrl);
      expect(await findDamagedArtifacts(parts.database, (sha256) => blobs.read(sha256))).toEqual(
        [],
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("after-commit: the runner hands the result in again, which changes and costs nothing", async () => {
    const orchestrator = await parts.startOrchestrator("after-commit");
    await parts.startRunner();
    const runId = await parts.submit(chainDocument("after-commit", 2));
    expect(await orchestrator.ended).toBe("SIGKILL");
    expect(await countOf("step WHERE status = 'SUCCEEDED'")).toBe(1);
    await parts.startOrchestrator();
    await parts.expectWhole(runId);
    expect(await countOf("usage_event")).toBe(2);
    expect(await countOf("step_attempt WHERE outcome = 'SUCCEEDED'")).toBe(2);
  });

  it("anywhere, one point after the other, while runs are under way", async () => {
    const points: readonly CrashPoint[] = ["mid-advance", "after-claim", "after-commit"];
    await parts.startRunner();
    const runIds: string[] = [];
    for (const point of points) {
      const orchestrator = await parts.startOrchestrator(point);
      runIds.push(await parts.submit(chainDocument(`all-${point}`, 3)));
      expect(await orchestrator.ended).toBe("SIGKILL");
    }
    await parts.startOrchestrator();
    await parts.expectWhole(...runIds);
    expect(await countOf("usage_event")).toBe(9);
  });
});

/** One step that stores a file. */
function storeDocument(name: string): Document {
  const position = { x: 0, y: 0 };
  return {
    heddle: 1,
    name,
    description: "",
    nodes: { only: { type: "store", position, params: { name }, mode: "active", ports: [] } },
    edges: [],
    notes: [],
  };
}
