import type { LinkedRunEvent, RunDetail, StepDetail } from "@heddle/api";
import type { Document, Progress } from "@heddle/core";
import { describe, expect, it } from "vitest";
import {
  applyProgress,
  applyRunEvent,
  emptyRuns,
  neverRun,
  type RunsState,
  trackRun,
} from "./run-state.ts";

const document: Document = {
  heddle: 1,
  name: "Test",
  description: "",
  nodes: {},
  edges: [],
  notes: [],
};
const timing = { queuedMs: 1, loadMs: 0, deviceMs: 2_100, durationMs: 2_200 };

const step = (stepId: string, changes: Partial<StepDetail> = {}): StepDetail => ({
  stepId,
  nodeIds: [stepId],
  item: null,
  type: "adjust",
  status: "READY",
  cached: false,
  fromRunId: null,
  outputs: null,
  error: null,
  timing: null,
  costUsd: 0,
  attempt: 0,
  startedAt: null,
  finishedAt: null,
  ...changes,
});

const detail = (id: string, second: number, steps: readonly StepDetail[]): RunDetail => ({
  id,
  workflowId: "wf_1",
  name: "Test",
  number: second,
  status: "RUNNING",
  outputs: {},
  costUsd: 0,
  error: null,
  createdAt: `2026-01-01T00:00:0${second}.000Z`,
  startedAt: null,
  finishedAt: null,
  eventSeq: 0,
  plan: {
    version: 1,
    steps: [],
    outputs: [],
    nodeSteps: {},
    estimate: { deviceMs: 0, costUsd: 0 },
  },
  document,
  input: {},
  steps,
});

let seq = 0;
const event = (runId: string, body: LinkedRunEvent["body"]): LinkedRunEvent => {
  seq += 1;
  return { runId, seq, at: "2026-01-01T00:00:00.000Z", body };
};
const words = (text: string) => ({ text: { media: "text", text } }) as const;
const succeeded = (runId: string, stepId: string, text: string): LinkedRunEvent =>
  event(runId, {
    type: "step.succeeded",
    stepId,
    nodeIds: [stepId],
    item: null,
    cached: false,
    fromRunId: null,
    outputs: words(text),
    timing,
    costUsd: 0.0004,
  });
const started = (runId: string, stepId: string, item: number | null = null): LinkedRunEvent =>
  event(runId, { type: "step.started", stepId, nodeIds: [stepId], item, runnerId: "rnr_1" });
const progress = (runId: string, stepId: string, done: number): Progress => ({
  runId,
  stepId,
  nodeIds: [stepId],
  item: null,
  phase: "computing",
  done,
  total: 12,
  leftMs: 900,
});

const one = trackRun(emptyRuns, detail("run_1", 1, [step("a"), step("b")]));
const activity = (state: RunsState, nodeId: string) => (state.nodes[nodeId] ?? neverRun).activity;

describe("the state of runs", () => {
  it("goes from queued over running with progress to the result", () => {
    expect(activity(one, "a")).toEqual({ kind: "queued" });
    const running = applyProgress(
      applyRunEvent(one, started("run_1", "a")),
      progress("run_1", "a", 7),
    );
    expect(activity(running, "a")).toEqual({ kind: "running", done: 7, total: 12, leftMs: 900 });
    const noted = applyProgress(running, { ...progress("run_1", "a", 8), note: "loss 0.42" });
    expect(activity(noted, "a")).toMatchObject({ done: 8, note: "loss 0.42" });
    const done = applyRunEvent(running, succeeded("run_1", "a", "hello"));
    expect(activity(done, "a")).toEqual({ kind: "idle" });
    expect(done.nodes["a"]?.result).toMatchObject({
      deviceMs: 2_100,
      costUsd: 0.0004,
      outputs: words("hello"),
    });
  });

  it("says that a paused run is paused, on every node that has not begun, and goes on with it", () => {
    const paused = applyRunEvent(one, event("run_1", { type: "run.paused" }));
    expect(paused.runs["run_1"]?.status).toBe("PAUSED");
    expect([activity(paused, "a"), activity(paused, "b")]).toEqual([
      { kind: "paused" },
      { kind: "paused" },
    ]);
    const resumed = applyRunEvent(paused, event("run_1", { type: "run.resumed" }));
    expect(activity(resumed, "a")).toEqual({ kind: "queued" });
  });

  it("shows what a person is asked about, until it is decided", () => {
    const asked = applyRunEvent(
      one,
      event("run_1", {
        type: "step.waiting",
        stepId: "a",
        nodeIds: ["a"],
        item: null,
        outputs: words("draft"),
      }),
    );
    expect(activity(asked, "a")).toEqual({
      kind: "waiting",
      runId: "run_1",
      stepId: "a",
      outputs: words("draft"),
    });
    expect(asked.nodes["a"]?.result ?? null).toBeNull();
    const approved = applyRunEvent(asked, succeeded("run_1", "a", "draft"));
    expect(activity(approved, "a")).toEqual({ kind: "idle" });
  });

  it("gives a new identity only to the node that progress concerns", () => {
    const after = applyProgress(
      applyRunEvent(one, started("run_1", "a")),
      progress("run_1", "a", 1),
    );
    expect(after.nodes["b"]).toBe(one.nodes["b"]);
    expect(after.nodes["a"]).not.toBe(one.nodes["a"]);
  });

  it("takes each event once, however often a stream repeats it", () => {
    const first = started("run_1", "a");
    const after = applyRunEvent(one, first);
    expect(applyRunEvent(after, first)).toBe(after);
  });

  it("ignores progress that arrives after the end of its step", () => {
    const done = applyRunEvent(one, succeeded("run_1", "a", "x"));
    expect(applyProgress(done, progress("run_1", "a", 3))).toBe(done);
  });

  it("shows the newer of two runs, whichever speaks last", () => {
    const two = trackRun(one, detail("run_2", 2, [step("a")]));
    const late = applyRunEvent(two, succeeded("run_1", "a", "old"));
    expect(activity(late, "a")).toEqual({ kind: "queued" });
    expect(late.nodes["a"]?.result?.outputs).toEqual(words("old"));
    const both = applyRunEvent(late, succeeded("run_2", "a", "new"));
    expect(both.nodes["a"]?.result?.outputs).toEqual(words("new"));
    const older = applyRunEvent(both, succeeded("run_1", "a", "older"));
    expect(older.nodes["a"]?.result?.outputs).toEqual(words("new"));
  });

  it("keeps the last result while a newer run is under way, and after it failed", () => {
    const done = applyRunEvent(one, succeeded("run_1", "a", "good"));
    const again = trackRun(done, detail("run_2", 2, [step("a")]));
    expect(again.nodes["a"]?.result?.outputs).toEqual(words("good"));
    const error = {
      class: "USER",
      code: "image_too_large",
      message: "The picture is too large",
    } as const;
    const failed = applyRunEvent(
      again,
      event("run_2", { type: "step.failed", stepId: "a", nodeIds: ["a"], item: null, error }),
    );
    expect(activity(failed, "a")).toEqual({ kind: "failed", error });
    expect(failed.nodes["a"]?.result?.outputs).toEqual(words("good"));
  });

  it("counts the items of a mapped step", () => {
    const expanded = applyRunEvent(
      one,
      event("run_1", { type: "step.expanded", stepId: "a", nodeIds: ["a"], item: null, items: 2 }),
    );
    const first = applyRunEvent(expanded, started("run_1", "a", 0));
    const second = applyRunEvent(first, started("run_1", "a", 1));
    const item = { stepId: "a", nodeIds: ["a"], item: 0, cached: false, fromRunId: null };
    const done = applyRunEvent(
      second,
      event("run_1", { type: "step.succeeded", ...item, outputs: words("x"), timing, costUsd: 0 }),
    );
    expect(activity(done, "a")).toEqual({ kind: "running", done: 1, total: 2, leftMs: null });
  });

  it("ends with the run what the run left behind", () => {
    const running = applyRunEvent(one, started("run_1", "a"));
    const canceled = applyRunEvent(running, event("run_1", { type: "run.canceled", costUsd: 0 }));
    expect(activity(canceled, "a")).toEqual({ kind: "canceled" });
    expect(canceled.runs["run_1"]?.status).toBe("CANCELED");
  });

  it("does not go back when an older view of a run arrives late", () => {
    const done = applyRunEvent(one, succeeded("run_1", "a", "x"));
    expect(trackRun(done, detail("run_1", 1, [step("a")]))).toBe(done);
  });
});
