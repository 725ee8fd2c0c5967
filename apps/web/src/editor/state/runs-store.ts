import type { RunDetail } from "@heddle/api";
import { isTerminalRun } from "@heddle/core";
import { createStore, type StoreApi } from "zustand/vanilla";
import { followRun } from "./run-events.ts";
import { applyProgress, applyRunEvent, emptyRuns, type RunsState, trackRun } from "./run-state.ts";

export interface RunsStore extends StoreApi<RunsState> {
  /** Shows a run and, while it is under way, follows it. */
  readonly track: (detail: RunDetail) => void;
  /** The same for a run that was just started: one whose every result was there already has ended by now. */
  readonly begin: (detail: RunDetail) => void;
  readonly stop: () => void;
}

export interface RunsStoreOptions {
  readonly read: (runId: string) => Promise<RunDetail>;
  /** A run came to its end. */
  readonly onEnd: (runId: string) => void;
}

const lostMs = 2_000;

/** Runs of one workflow, kept up to date by their event streams; owns those streams. */
export function createRunsStore({ read, onEnd }: RunsStoreOptions): RunsStore {
  const store = createStore<RunsState>(() => emptyRuns);
  const following = createFollowing();
  const statusOf = (runId: string) => store.getState().runs[runId]?.status ?? "RUNNING";
  const end = (runId: string) => {
    following.leave(runId);
    onEnd(runId);
  };
  const tryLater = (runId: string) => {
    following.leave(runId);
    const timer = setTimeout(() => void catchUp(runId), lostMs);
    following.set(runId, () => clearTimeout(timer));
  };
  const follow = (runId: string) => {
    const run = store.getState().runs[runId];
    if (run === undefined || following.has(runId) || isTerminalRun(run.status)) return;
    const close = followRun({
      runId,
      afterSeq: run.seq,
      onEvent: (event) => {
        store.setState((state) => applyRunEvent(state, event));
        if (isTerminalRun(statusOf(runId))) end(runId);
      },
      onProgress: (progress) => store.setState((state) => applyProgress(state, progress)),
      onLost: () => tryLater(runId),
    });
    following.set(runId, close);
  };
  const track = (detail: RunDetail) => {
    store.setState((state) => trackRun(state, detail));
    follow(detail.id);
  };
  const begin = (detail: RunDetail) => {
    track(detail);
    if (isTerminalRun(detail.status)) end(detail.id);
  };
  /** After a stream was refused: what happened meanwhile, then the stream again. */
  const catchUp = async (runId: string): Promise<void> => {
    const detail = await read(runId).catch(() => null);
    if (detail === null) return tryLater(runId);
    following.leave(runId);
    begin(detail);
  };
  return { ...store, track, begin, stop: following.leaveAll };
}

/** By run: what ends its stream, or the wait for the next try. */
function createFollowing() {
  const stops = new Map<string, () => void>();
  const leave = (runId: string) => {
    stops.get(runId)?.();
    stops.delete(runId);
  };
  return {
    has: (runId: string) => stops.has(runId),
    set: (runId: string, stop: () => void) => stops.set(runId, stop),
    leave,
    leaveAll: () => [...stops.keys()].forEach(leave),
  };
}
