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
  type Resident,
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
  readonly onTurnedAway?: ((reason: TurnedAway) => void) | undefined;
  readonly weights?: { resident(): Resident[] } | undefined;
}

/** Why the server wants no more of a runner: another process has its name, or its token is not good (any more). */
export type TurnedAway = "replaced" | "refused";

const callMs = 15_000;
const firstPauseMs = 50;
const longestPauseMs = 2_000;
/** A result that nobody took for this long was for a lease that is over. */
const giveUpMs = 10 * 60_000;

/** The conversation with the orchestrator: it goes on over its restarts, with the same identity or a new one. */
export class ServerSession {
  readonly #options: ServerSessionOptions;
  #registered: Promise<RegisterResponse | null> | undefined;
  /** Who leased a task has to complete it, whatever the runner is called by then. */
  readonly #holders = new WeakMap<Task, string>();

  constructor(options: ServerSessionOptions) {
    this.#options = options;
  }

  /** What it is registered as; waits until the orchestrator answers. Null: nothing more is to be taken. */
  identity(): Promise<RegisterResponse | null> {
    return (this.#registered ??= this.#register());
  }

  /** Null: there was no answer, or nothing more is to be taken. Does not throw. */
  async lease(wish: Pick<LeaseRequest, "freeSlots" | "waitMs">): Promise<LeaseResponse | null> {
    const { client, signal, log } = this.#options;
    const used = this.identity();
    const self = await used;
    if (self === null || signal.aborted) {
      await sleep(longestPauseMs, signal);
      return null;
    }
    try {
      const call = {
        path: "/runner/v1/lease",
        answer: leaseResponseSchema,
        timeoutMs: wish.waitMs + callMs,
      };
      const leased = await client.post({
        ...call,
        body: { runnerId: self.runnerId, ...wish, resident: this.#resident() },
        signal,
      });
      for (const task of leased.tasks) this.#holders.set(task, self.runnerId);
      return leased;
    } catch (error) {
      this.#note(error, used);
      if (!signal.aborted) log.info({ reason: String(error) }, "no answer to a request for work");
      await sleep(firstPauseMs + Math.random() * 500, signal);
      return null;
    }
  }

  /** Sends the result until it is answered or `isLost` says that it is in vain; resolves with the next task, if any. */
  async complete(task: Task, result: TaskResult, isLost: () => boolean): Promise<Task | undefined> {
    const { log } = this.#options;
    const until = performance.now() + giveUpMs;
    for (let pause = firstPauseMs; !isLost() && performance.now() < until; pause = longer(pause)) {
      try {
        return await this.#handIn(task, result);
      } catch (error) {
        log.info({ reason: String(error) }, "a result could not be handed in yet");
        // What the server cannot read it will not read the next time either, and who is refused stays so.
        if (error instanceof ServerRefusal && [400, 401, 413, 422].includes(error.status))
          return undefined;
        await sleep(pause);
      }
    }
    return undefined;
  }

  /** Throws when there is no answer. */
  async events(
    request: Omit<EventsRequest, "runnerId" | "resident">,
  ): Promise<EventsResponse | null> {
    const used = this.identity();
    const self = await used;
    if (self === null) return null;
    try {
      const body = { runnerId: self.runnerId, ...request, resident: this.#resident() };
      const call = {
        path: "/runner/v1/events",
        body,
        answer: eventsResponseSchema,
        timeoutMs: callMs,
      };
      return await this.#options.client.post(call);
    } catch (error) {
      this.#note(error, used);
      throw error;
    }
  }

  async #handIn(task: Task, result: TaskResult): Promise<Task | undefined> {
    const { client, log, signal } = this.#options;
    const runnerId = this.#holders.get(task) ?? "";
    const { taskId, epoch, runId, stepId } = task;
    const lease = { freeSlots: 1, waitMs: 0, resident: this.#resident() };
    const wish = signal.aborted ? {} : { lease };
    const body = { runnerId, runId, taskId, epoch, result, ...wish };
    const call = {
      path: "/runner/v1/complete",
      body,
      answer: completeResponseSchema,
      timeoutMs: callMs,
    };
    const { accepted, tasks } = await client.post(call);
    if (!accepted) log.warn({ runId, stepId }, "the result came too late: the lease was lost");
    for (const next of tasks) this.#holders.set(next, runnerId);
    return tasks[0];
  }

  #resident(): Resident[] {
    return this.#options.weights?.resident() ?? [];
  }

  async #register(): Promise<RegisterResponse | null> {
    const { client, log, signal, name, device, slots, ops } = this.#options;
    const body = {
      protocol: runnerProtocolVersion,
      name,
      device,
      slots,
      ops: ops.map((op) => op.name),
    };
    const call = {
      path: "/runner/v1/register",
      body,
      answer: registerResponseSchema,
      timeoutMs: callMs,
    };
    for (let pause = firstPauseMs; !signal.aborted; pause = longer(pause)) {
      try {
        const identity = await client.post({ ...call, signal });
        log.info({ runnerId: identity.runnerId, name, ops: body.ops, slots }, "registered");
        return identity;
      } catch (error) {
        if (error instanceof ServerRefusal && error.status === 401) {
          this.#turnAway("refused", error.message);
          return null;
        }
        if (!signal.aborted)
          log.info({ reason: String(error) }, "the orchestrator does not answer yet");
        await sleep(pause, signal);
      }
    }
    return null;
  }

  /** 404: the orchestrator does not know us. 409: another process has our name. 401: our token is not good any more. */
  #note(error: unknown, used: Promise<unknown>): void {
    if (!(error instanceof ServerRefusal) || this.#registered !== used) return;
    if (error.status === 404) this.#registered = undefined;
    if (error.status === 409)
      this.#turnAway("replaced", "another runner has registered under this name");
    if (error.status === 401) this.#turnAway("refused", error.message);
  }

  #turnAway(reason: TurnedAway, why: string): void {
    this.#registered = Promise.resolve(null);
    if (this.#options.signal.aborted) return;
    this.#options.log.error({ name: this.#options.name, why }, "turned away; this runner stops");
    this.#options.onTurnedAway?.(reason);
  }
}

function longer(pauseMs: number): number {
  return Math.min(2 * pauseMs, longestPauseMs);
}
