import { setMaxListeners } from "node:events";
import type {
  Limits,
  Reached,
  RegisterRequest,
  Resident,
  Task,
  TaskResult,
  WeightsLoad,
} from "@heddle/core";
import { inSpan, type BlobAccess, type CheckpointStore, type Log } from "@heddle/infra";
import { Heartbeats } from "./heartbeats.ts";
import type { Op } from "./op.ts";
import { runTask } from "./run-task.ts";
import { ServerClient } from "./server-client.ts";
import { ServerSession, type TurnedAway } from "./server-session.ts";
import { within } from "./sleep.ts";

export interface RunnerOptions {
  /** The orchestrator, `http://127.0.0.1:3001`, or the public URL of the server, which passes it on. */
  readonly serverUrl: string;
  readonly token: string;
  readonly blobs: BlobAccess;
  readonly checkpoints: CheckpointStore;
  readonly ops: readonly Op[];
  /** Tasks at once. */
  readonly slots: number;
  /** Its own on this platform: a runner that registers under the name of another takes its place. */
  readonly name: string;
  readonly device: RegisterRequest["device"];
  readonly limits?: Limits | undefined;
  /** What the server is told of the weights. */
  readonly weights?: HeldWeights | undefined;
  /** Told of every task that has ended. */
  readonly onResult?: ((task: Task, result: TaskResult) => void) | undefined;
  readonly log: Log;
  /** Milliseconds that `close` waits for the tasks under way before it hands them back; default 8,000. */
  readonly drainMs?: number | undefined;
  /** Called once when it can go on no longer. */
  readonly onTurnedAway?: ((reason: TurnedAway) => void) | undefined;
  /** Told of crash points; default: nobody is. */
  readonly reached?: Reached | undefined;
}

export interface HeldWeights {
  resident(): Resident[];
  /** Since the last call. */
  takeLoads(): WeightsLoad[];
  /** Loads what will be wanted, if there is room. */
  prefetch(sha256: string): Promise<void>;
}

export interface Runner {
  /** Takes nothing more, finishes or hands back what is under way, and resolves. */
  close(): Promise<void>;
}

/** Milliseconds that one request for work may stay open. */
const waitMs = 25_000;

/**
 * Starts a runner. Returns at once; it registers as soon as the orchestrator answers, and again whenever that has
 * forgotten it. One loop for each slot takes a task, does it and hands it in, which brings the next one; one more waits
 * for commands; heartbeats keep the leases.
 */
export function startRunner(options: RunnerOptions): Runner {
  const { log, slots, drainMs = 8_000 } = options;
  const client = new ServerClient(options);
  const closing = new AbortController();
  const { signal } = closing;
  // Every loop listens to it.
  setMaxListeners(0, signal);
  const session = new ServerSession({ ...options, client, signal });
  const heartbeats = new Heartbeats({
    session,
    log,
    takeLoads: () => options.weights?.takeLoads() ?? [],
  });
  const parts = { options, session, heartbeats, signal };
  const loops = Promise.all([
    listen(parts),
    ...Array.from({ length: slots }, () => runSlot(parts)),
  ]);
  loops.catch((error: unknown) => log.error({ err: error }, "the runner's loop failed"));
  return {
    close: async () => {
      closing.abort();
      await within(drainMs, loops);
      heartbeats.abortAll("The runner stops");
      // An op that does not hear the abort is left behind: its lease runs out.
      await within(2_000, loops);
      await heartbeats.close();
      client.close();
      log.info("the runner stopped");
    },
  };
}

interface Parts {
  readonly options: RunnerOptions;
  readonly session: ServerSession;
  readonly heartbeats: Heartbeats;
  /** Aborted when nothing more is to be taken. */
  readonly signal: AbortSignal;
}

async function runSlot(parts: Parts): Promise<void> {
  let next: Task | undefined;
  while (next !== undefined || !parts.signal.aborted) {
    const task = next ?? (await parts.session.lease({ freeSlots: 1, waitMs }))?.tasks[0];
    next = task === undefined ? undefined : await doTask(parts, task);
  }
}

/** Resolves with the task that came with the answer. */
function doTask(parts: Parts, task: Task): Promise<Task | undefined> {
  const attributes = { "heddle.run": task.runId, "heddle.step": task.stepId, "heddle.op": task.op };
  const span = { parent: task.traceparent, attributes };
  return inSpan(`step ${task.op}`, span, () => doInSpan(parts, task));
}

async function doInSpan(
  { options, session, heartbeats }: Parts,
  task: Task,
): Promise<Task | undefined> {
  const running = heartbeats.add(task);
  try {
    const result = await runTask(task, {
      op: options.ops.find(({ name }) => name === task.op),
      blobs: options.blobs,
      checkpoints: options.checkpoints,
      limits: options.limits,
      signal: running.signal,
      progress: (...progress) => running.report(...progress),
      preview: (url) => running.preview(url),
      note: (words) => running.note(words),
    });
    if (running.isLost) return undefined;
    running.isWorked = true;
    if (result.status === "succeeded") options.reached?.("after-blob");
    logResult(options.log, task, result);
    options.onResult?.(task, result);
    return await session.complete(task, result, () => running.isLost);
  } finally {
    heartbeats.remove(running);
  }
}

/** Requests without free slots bring nothing but commands. */
async function listen({ options, session, heartbeats, signal }: Parts): Promise<void> {
  while (!signal.aborted) {
    const answer = await session.lease({ freeSlots: 0, waitMs });
    heartbeats.obey(answer?.commands ?? []);
    for (const command of answer?.commands ?? [])
      if (command.type === "prefetch") prefetch(options, command.sha256);
  }
}

/** Who needs it loads it in any case: what goes wrong here is only said. */
function prefetch({ weights, log }: RunnerOptions, sha256: string): void {
  weights
    ?.prefetch(sha256)
    .catch((error: unknown) => log.warn({ err: error, sha256 }, "weights could not be prefetched"));
}

function logResult(log: Log, { runId, stepId, op }: Task, result: TaskResult): void {
  if (result.status === "failed")
    log.warn({ runId, stepId, op, error: result.error }, "a task failed");
  else log.debug({ runId, stepId, op, status: result.status }, "a task ended");
}
