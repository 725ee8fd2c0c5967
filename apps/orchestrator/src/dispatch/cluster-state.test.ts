import type { StepNews } from "@heddle/db";
import { expect, it } from "vitest";
import { ClusterState } from "./cluster-state.ts";

const runnerId = "rnr_a";
const ready: StepNews = {
  id: "stp_a",
  runId: "run_a",
  workspaceId: "ws_a",
  op: "work",
  isItem: false,
  status: "READY",
  joined: false,
  runnerId: null,
  model: null,
  nextModels: [],
  estimateMs: 100,
  priority: 0,
  availableAtMs: 0,
  deadlineAtMs: 1_000_000,
  loadMs: 0,
  deviceMs: 0,
};
const leased: StepNews = { ...ready, status: "LEASED", runnerId };

/** One runner with a slot, which is being leased the only step. */
function claim(): ClusterState {
  const state = new ClusterState({});
  const facts = { ops: ["work"], slots: 1, workspaceId: null, memoryBytes: 1, resident: [] };
  state.hear(runnerId, facts, 0);
  state.apply(ready, 0);
  state.take(runnerId, state.choose(runnerId, 0).leased, 0);
  return state;
}

const read = (state: ClusterState, news: readonly StepNews[]) =>
  state.reconcile(
    async () => news,
    undefined,
    () => 1,
  );
const waiting = (state: ClusterState) => state.cluster.ready.size;
const tasks = (state: ClusterState) => state.cluster.fleet.get(runnerId)?.running.length;

it("what was read before a lease was committed does not undo it", async () => {
  const state = claim();
  await read(state, [ready]);
  expect([waiting(state), tasks(state)]).toEqual([0, 1]);
  state.settle([ready.id]);
  await read(state, [leased]);
  expect([waiting(state), tasks(state)]).toEqual([0, 1]);
});

it("a lease that did not come about is undone by what is read after it", async () => {
  const state = claim();
  state.settleRun(ready.runId);
  await read(state, [ready]);
  expect([waiting(state), tasks(state)]).toEqual([1, 0]);
  await read(state, []);
  expect([waiting(state), tasks(state)]).toEqual([0, 0]);
});

it("what changes while everything is being read is newer than what was read", async () => {
  const state = claim();
  state.settle([ready.id]);
  const done: StepNews = { ...leased, status: "SUCCEEDED", runnerId: null, deviceMs: 50 };
  await state.reconcile(
    async () => {
      state.apply(done, 1);
      return [leased];
    },
    undefined,
    () => 1,
  );
  expect([waiting(state), tasks(state)]).toEqual([0, 0]);
});
