import type { RunDetail } from "@heddle/api";
import { describe, expect, it, vi } from "vitest";
import { createRunsStore } from "./runs-store.ts";

/** A run that had ended when the server answered. */
const ended: RunDetail = {
  id: "run_1",
  workflowId: "wf_1",
  name: "Test",
  number: 1,
  status: "SUCCEEDED",
  outputs: {},
  costUsd: 0,
  error: null,
  createdAt: "2026-01-01T00:00:00.000Z",
  startedAt: null,
  finishedAt: null,
  eventSeq: 3,
  plan: {
    version: 1,
    steps: [],
    outputs: [],
    nodeSteps: {},
    estimate: { deviceMs: 0, costUsd: 0 },
  },
  document: { heddle: 1, name: "Test", description: "", nodes: {}, edges: [], notes: [] },
  input: {},
  steps: [],
};

describe("createRunsStore", () => {
  it("says that a run ended which had ended when it was begun", () => {
    const onEnd = vi.fn<(runId: string) => void>();
    const runs = createRunsStore({ read: async () => ended, onEnd });
    runs.begin(ended);
    expect(onEnd).toHaveBeenCalledExactlyOnceWith("run_1");
    expect(runs.getState().runs["run_1"]?.status).toBe("SUCCEEDED");
  });

  it("says nothing of an old run that is merely shown", () => {
    const onEnd = vi.fn<(runId: string) => void>();
    createRunsStore({ read: async () => ended, onEnd }).track(ended);
    expect(onEnd).not.toHaveBeenCalled();
  });
});
