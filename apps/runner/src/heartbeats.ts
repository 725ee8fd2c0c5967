import type { Command, EventsRequest, Task } from "@heddle/core";
import type { Log } from "@heddle/infra";
import type { OpContext } from "./op.ts";
import type { ServerSession } from "./server-session.ts";
import { sleep, within } from "./sleep.ts";

/** A task under way. */
export interface RunningTask {
  readonly signal: AbortSignal;
  readonly progress: OpContext["progress"];
  /** The lease is gone: nobody takes the result any more. */
  isLost(): boolean;
  /** The work is done, and is to be handed in. */
  worked(): void;
  /** It is handed in. */
  done(): void;
}

/** Keeps the leases of the tasks under way, carries their progress, and aborts what is lost or cancelled. */
export interface Heartbeats {
  add(task: Task): RunningTask;
  obey(commands: readonly Command[]): void;
  /** Hands everything back. */
  abortAll(): void;
  /** Says goodbye. */
  close(): Promise<void>;
}

interface Held {
  readonly task: Task;
  readonly controller: AbortController;
  lost: boolean;
  worked: boolean;
  progress: EventsRequest["progress"][number] | undefined;
}

/** Progress is sent at most this often. Milliseconds. */
const progressEveryMs = 200;
/** Until the orchestrator has said its own. */
const firstHeartbeatMs = 1_000;

export function createHeartbeats({ session, log }: { session: ServerSession; log: Log }): Heartbeats {
  const held = new Map<string, Held>();
  const closing = new AbortController();
  let lastAnswerAt = performance.now();
  let soon: NodeJS.Timeout | undefined;
  const beating = beat();

  async function beat(): Promise<void> {
    while (!closing.signal.aborted) {
      const identity = await within(firstHeartbeatMs, session.identity());
      await sleep(identity?.heartbeatMs ?? firstHeartbeatMs, closing.signal);
      if (identity === null || identity === undefined || closing.signal.aborted) continue;
      await send();
      // Before the leases run out and somebody else begins the same work.
      if (performance.now() - lastAnswerAt > (identity.leaseMs * 2) / 3) abortAll("The orchestrator does not answer");
    }
  }

  async function send(leaving = false): Promise<void> {
    const progress = [...held.values()].flatMap((one) => one.progress ?? []);
    for (const one of held.values()) one.progress = undefined;
    const running = [...held.values()].map(({ task: { taskId, epoch } }) => ({ taskId, epoch }));
    try {
      const answer = await session.events({ running, progress, leaving });
      if (answer === null) return;
      lastAnswerAt = performance.now();
      for (const taskId of answer.lost) lose(taskId);
      obey(answer.commands);
    } catch (error) {
      log.info({ reason: String(error) }, "no answer to a heartbeat");
    }
  }

  function sendSoon(): void {
    soon ??= setTimeout(() => {
      soon = undefined;
      void send();
    }, progressEveryMs);
  }

  function lose(taskId: string): void {
    const one = held.get(taskId);
    if (one === undefined || one.lost) return;
    one.lost = true;
    // Once the work is done, it may just have been handed in.
    if (one.worked) return;
    log.warn({ runId: one.task.runId, stepId: one.task.stepId }, "a lease was lost");
    one.controller.abort(new Error("The lease was lost"));
  }

  function abortAll(reason: string): void {
    for (const { controller } of held.values()) controller.abort(new Error(reason));
  }

  function obey(commands: readonly Command[]): void {
    for (const command of commands) {
      if (command.type !== "cancel") continue;
      const one = held.get(command.taskId);
      if (one?.task.epoch === command.epoch) one.controller.abort(new Error("The run was cancelled"));
    }
  }

  function add(task: Task): RunningTask {
    const one: Held = { task, controller: new AbortController(), lost: false, worked: false, progress: undefined };
    if (held.size === 0) lastAnswerAt = performance.now();
    held.set(task.taskId, one);
    return {
      signal: one.controller.signal,
      progress: (phase, done, total, leftMs) => {
        one.progress = { ...describe(task), phase, ...counts(done, total, leftMs) };
        sendSoon();
      },
      isLost: () => one.lost,
      worked: () => {
        one.worked = true;
      },
      done: () => {
        if (held.get(task.taskId) === one) held.delete(task.taskId);
      },
    };
  }

  return {
    add,
    obey,
    abortAll: () => abortAll("The runner stops"),
    close: async () => {
      closing.abort();
      clearTimeout(soon);
      await beating;
      await within(1_000, send(true));
    },
  };
}

function describe({ taskId, epoch, runId, stepId, nodeIds, item }: Task) {
  return { taskId, epoch, runId, stepId, nodeIds, item };
}

/** The protocol takes whole numbers; what an op says is not trusted to be. */
function counts(done: number, total: number, leftMs: number | undefined) {
  const whole = (value: number) => (Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0);
  return { done: whole(done), total: whole(total), ...(leftMs === undefined ? {} : { leftMs: whole(leftMs) }) };
}
