import {
  completeResponseSchema,
  eventsResponseSchema,
  leaseResponseSchema,
  registerResponseSchema,
  runnerProtocolVersion,
  type EventsRequest,
  type EventsResponse,
  type LeaseRequest,
  type LeaseResponse,
  type RegisterRequest,
  type RegisterResponse,
  type Task,
  type TaskResult,
} from "@heddle/core";
import type { Log } from "@heddle/infra";
import type { Op } from "./op.ts";
import { ServerRefusal, type ServerClient } from "./server-client.ts";
import { sleep } from "./sleep.ts";

export interface ServerSessionOptions {
  readonly client: ServerClient;
  readonly ops: readonly Op[];
  readonly slots: number;
  readonly name: string;
  readonly device: RegisterRequest["device"];
  readonly log: Log;
  /** Aborted when nothing more is to be taken. */
  readonly signal: AbortSignal;
  readonly onReplaced?: (() => void) | undefined;
}

/** The conversation with the orchestrator: it goes on over its restarts, with the same identity or a new one. */
export interface ServerSession {
  /** Registered as; waits until the orchestrator answers. Null: nothing more is to be taken. */
  identity(): Promise<RegisterResponse | null>;
  /** Null: there was no answer, or nothing more is to be taken. Does not throw. */
  lease(wish: Pick<LeaseRequest, "freeSlots" | "waitMs">): Promise<LeaseResponse | null>;
  /** Sends the result until it is answered or `isLost` says that it is in vain; resolves with the next task, if any. */
  complete(task: Task, result: TaskResult, isLost: () => boolean): Promise<Task | undefined>;
  /** Throws when there is no answer. */
  events(request: Omit<EventsRequest, "runnerId">): Promise<EventsResponse | null>;
}

const callMs = 15_000;
const firstPauseMs = 50;
const longestPauseMs = 2_000;
/** A result that nobody took for this long was for a lease that is over. */
const giveUpMs = 10 * 60_000;

export function createServerSession(options: ServerSessionOptions): ServerSession {
  const { client, log, signal } = options;
  let registered: Promise<RegisterResponse | null> | undefined;
  /** Who leased a task has to complete it, whatever the runner is called by then. */
  const holders = new WeakMap<Task, string>();

  async function register(): Promise<RegisterResponse | null> {
    const { name, device, slots, ops } = options;
    const body = { protocol: runnerProtocolVersion, name, device, slots, ops: ops.map((op) => op.name) };
    for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(2 * pause, longestPauseMs)) {
      try {
        const answer = registerResponseSchema;
        const identity = await client.post({ path: "/runner/v1/register", body, answer, timeoutMs: callMs, signal });
        log.info({ runnerId: identity.runnerId, name, ops: body.ops, slots }, "registered");
        return identity;
      } catch (error) {
        if (!signal.aborted) log.info({ reason: String(error) }, "the orchestrator does not answer yet");
        await sleep(pause, signal);
      }
    }
    return null;
  }

  function identity(): Promise<RegisterResponse | null> {
    return (registered ??= register());
  }

  /** 404: the orchestrator does not know us. 409: another process has our name. */
  function note(error: unknown, used: Promise<unknown> | undefined): void {
    if (!(error instanceof ServerRefusal)) return;
    if (error.status === 404 && registered === used) registered = undefined;
    if (error.status !== 409) return;
    log.error({ name: options.name }, "another runner has registered under this name; this one stops");
    registered = Promise.resolve(null);
    options.onReplaced?.();
  }

  async function lease(wish: Pick<LeaseRequest, "freeSlots" | "waitMs">): Promise<LeaseResponse | null> {
    const used = identity();
    const self = await used;
    if (self === null || signal.aborted) {
      await sleep(longestPauseMs, signal);
      return null;
    }
    try {
      const body = { runnerId: self.runnerId, ...wish };
      const timeoutMs = wish.waitMs + callMs;
      const leased = await client.post({ path: "/runner/v1/lease", body, answer: leaseResponseSchema, timeoutMs, signal });
      for (const task of leased.tasks) holders.set(task, self.runnerId);
      return leased;
    } catch (error) {
      note(error, used);
      if (!signal.aborted) {
        log.info({ reason: String(error) }, "no answer to a request for work");
        await sleep(firstPauseMs + Math.random() * 500, signal);
      }
      return null;
    }
  }

  async function complete(task: Task, result: TaskResult, isLost: () => boolean): Promise<Task | undefined> {
    const runnerId = holders.get(task) ?? "";
    const { taskId, epoch, runId } = task;
    const until = performance.now() + giveUpMs;
    for (let pause = firstPauseMs; performance.now() < until && !isLost(); pause = Math.min(2 * pause, longestPauseMs)) {
      const lease = signal.aborted ? {} : { lease: { freeSlots: 1, waitMs: 0 } };
      try {
        const body = { runnerId, runId, taskId, epoch, result, ...lease };
        const call = { path: "/runner/v1/complete", body, answer: completeResponseSchema, timeoutMs: callMs };
        const { accepted, tasks } = await client.post(call);
        if (!accepted) log.warn({ runId, stepId: task.stepId }, "the result came too late: the lease was lost");
        for (const next of tasks) holders.set(next, runnerId);
        return tasks[0];
      } catch (error) {
        log.info({ reason: String(error) }, "a result could not be handed in yet");
        // What the server cannot read it will not read the next time either.
        if (error instanceof ServerRefusal && [400, 413, 422].includes(error.status)) return undefined;
        await sleep(pause);
      }
    }
    return undefined;
  }

  async function events(request: Omit<EventsRequest, "runnerId">): Promise<EventsResponse | null> {
    const used = identity();
    const self = await used;
    if (self === null) return null;
    try {
      const body = { runnerId: self.runnerId, ...request };
      return await client.post({ path: "/runner/v1/events", body, answer: eventsResponseSchema, timeoutMs: callMs });
    } catch (error) {
      note(error, used);
      throw error;
    }
  }

  return { identity, lease, complete, events };
}
