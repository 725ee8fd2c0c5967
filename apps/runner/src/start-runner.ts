import type { Limits, RegisterRequest, Task, TaskResult } from "@heddle/core";
import type { BlobStore, Log } from "@heddle/infra";
import { createHeartbeats } from "./heartbeats.ts";
import type { Op } from "./op.ts";
import { runTask } from "./run-task.ts";
import { createServerClient } from "./server-client.ts";
import { createServerSession } from "./server-session.ts";
import { within } from "./sleep.ts";

export interface RunnerOptions {
  /** The orchestrator: `http://127.0.0.1:3001`. */
  readonly serverUrl: string;
  readonly token: string;
  readonly blobs: BlobStore;
  readonly ops: readonly Op[];
  /** Tasks at once. */
  readonly slots: number;
  /** Its own on this platform: a runner that registers under the name of another takes its place. */
  readonly name: string;
  readonly device: RegisterRequest["device"];
  readonly limits?: Limits | undefined;
  readonly log: Log;
  /** Milliseconds that `close` waits for the tasks under way before it hands them back; default 8,000. */
  readonly drainMs?: number | undefined;
  /** Called once when it can go on no longer: another process has taken its name. */
  readonly onReplaced?: (() => void) | undefined;
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
  const { ops, slots, log, drainMs = 8_000 } = options;
  const client = createServerClient(options);
  const closing = new AbortController();
  const session = createServerSession({ ...options, client, signal: closing.signal });
  const heartbeats = createHeartbeats({ session, log });
  const byName = new Map(ops.map((op) => [op.name, op]));

  async function runSlot(): Promise<void> {
    let next: Task | undefined;
    while (next !== undefined || !closing.signal.aborted) {
      const task = next ?? (await session.lease({ freeSlots: 1, waitMs }))?.tasks[0];
      next = task === undefined ? undefined : await doTask(task);
    }
  }

  /** Resolves with the task that came with the answer. */
  async function doTask(task: Task): Promise<Task | undefined> {
    const running = heartbeats.add(task);
    try {
      const result = await runTask(task, { ...options, op: byName.get(task.op), ...running });
      if (running.isLost()) return undefined;
      running.worked();
      logResult(task, result);
      return await session.complete(task, result, running.isLost);
    } finally {
      running.done();
    }
  }

  function logResult({ runId, stepId, op }: Task, result: TaskResult): void {
    if (result.status === "failed") log.warn({ runId, stepId, op, error: result.error }, "a task failed");
    else log.debug({ runId, stepId, op, status: result.status }, "a task ended");
  }

  /** Requests without free slots bring nothing but commands. */
  async function listen(): Promise<void> {
    while (!closing.signal.aborted) heartbeats.obey((await session.lease({ freeSlots: 0, waitMs }))?.commands ?? []);
  }

  const loops = Promise.all([listen(), ...Array.from({ length: slots }, runSlot)]);
  loops.catch((error: unknown) => log.error({ err: error }, "the runner's loop failed"));
  return {
    close: async () => {
      closing.abort();
      await within(drainMs, loops);
      heartbeats.abortAll();
      // An op that does not hear the abort is left behind: its lease runs out.
      await within(2_000, loops);
      await heartbeats.close();
      client.close();
      log.info("the runner stopped");
    },
  };
}
