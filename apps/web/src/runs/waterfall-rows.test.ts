import type { RunDetail } from "@heddle/api";
import { describe, expect, it } from "vitest";
import { layOutRun } from "./waterfall-rows.ts";

const at = (ms: number) => new Date(Date.UTC(2026, 10, 23) + ms).toISOString();
const planStep: RunDetail["plan"]["steps"][number] = {
  id: "a",
  nodeIds: ["a"],
  type: "resize",
  version: 1,
  kind: "op",
  op: "resize",
  params: {},
  inputs: {},
  mapped: [],
  outputs: {},
  estimate: { deviceMs: 0, costUsd: 0 },
};
type Step = RunDetail["steps"][number];

function step(part: Partial<Step>): Step {
  return {
    stepId: "a",
    nodeIds: ["a"],
    item: null,
    type: "resize",
    status: "SUCCEEDED",
    cached: false,
    fromRunId: null,
    outputs: {},
    error: null,
    timing: null,
    costUsd: 0,
    attempt: 1,
    startedAt: null,
    finishedAt: null,
    ...part,
  };
}

function run(steps: Step[]): RunDetail {
  return {
    id: "run_1",
    name: "Test",
    workflowId: null,
    number: 1,
    status: "SUCCEEDED",
    outputs: {},
    costUsd: 0,
    error: null,
    createdAt: at(0),
    startedAt: at(0),
    finishedAt: at(4_000),
    eventSeq: 1,
    plan: {
      version: 1,
      steps: [planStep],
      outputs: [],
      nodeSteps: {},
      estimate: planStep.estimate,
    },
    document: { heddle: 1, name: "Test", description: "", nodes: {}, edges: [], notes: [] },
    input: {},
    steps,
  };
}

describe("the waterfall of a run", () => {
  it("puts queueing, loading and computing one after the other on the run's own clock", () => {
    const timing = { queuedMs: 500, loadMs: 200, deviceMs: 800, durationMs: 1_000 };
    const { rows, endMs } = layOutRun(
      run([step({ timing, startedAt: at(1_500), finishedAt: at(2_500) })]),
      0,
    );
    expect(endMs).toBe(4_000);
    expect(rows[0]?.queued).toEqual({ fromMs: 1_000, toMs: 1_500 });
    expect(rows[0]?.loading).toEqual({ fromMs: 1_500, toMs: 1_700 });
    expect(rows[0]?.computing).toEqual({ fromMs: 1_700, toMs: 2_500 });
  });

  it("shows a reused step as a moment and not as a bar", () => {
    const { rows } = layOutRun(
      run([step({ cached: true, startedAt: at(100), finishedAt: at(100) })]),
      0,
    );
    expect(rows[0]).toMatchObject({ momentMs: 100, computing: null, queued: null });
  });

  it("shows the items of a mapped node in place of the node", () => {
    const items = [0, 1, 2].map((item) => step({ item }));
    const { rows } = layOutRun(run([step({}), ...items]), 0);
    expect(rows.map((row) => row.detail)).toEqual(["item 1", "item 2", "item 3"]);
  });

  it("has five to eleven ticks whatever the length", () => {
    for (const finishedMs of [3, 70, 900, 4_000, 61_000, 3_600_000]) {
      const { tickMs } = layOutRun({ ...run([]), finishedAt: at(finishedMs) }, 0);
      expect(tickMs.length).toBeGreaterThanOrEqual(4);
      expect(tickMs.length).toBeLessThanOrEqual(11);
    }
  });
});
