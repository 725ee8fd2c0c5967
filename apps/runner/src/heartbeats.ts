import type { Command, EventsRequest, Task, WeightsLoad } from "@heddle/core";
import type { Log } from "@heddle/infra";
import type { OpContext } from "./op.ts";
import type { ServerSession } from "./server-session.ts";
import { sleep, within } from "./sleep.ts";

/** Progress is sent at most this often. Milliseconds. */
const progressEveryMs = 200;
/** Until the orchestrator has said its own. */
const firstHeartbeatMs = 1_000;
/** In one call; the oldest are left out. */
const mostLoads = 100;

export interface HeartbeatsOptions {
  readonly session: ServerSession;
  readonly log: Log;
  /** Weights that were loaded since the last call. */
  readonly takeLoads: () => WeightsLoad[];
}

/** Keeps the leases of the tasks under way, carries their progress and what was loaded, and aborts what is lost or cancelled. */
export class Heartbeats {
  readonly #session: ServerSession;
  readonly #log: Log;
  readonly #takeLoads: () => WeightsLoad[];
  /** Those that the orchestrator has not heard of. */
  #loads: WeightsLoad[] = [];
  readonly #running = new Map<string, RunningTask>();
  readonly #closing = new AbortController();
  readonly #beating: Promise<void>;
  #lastAnswerAt = performance.now();
  #soon: NodeJS.Timeout | undefined;

  constructor({ session, log, takeLoads }: HeartbeatsOptions) {
    this.#session = session;
    this.#log = log;
    this.#takeLoads = takeLoads;
    this.#beating = this.#beat();
  }

  add(task: Task): RunningTask {
    const running = new RunningTask(task, () => this.#sendSoon());
    if (this.#running.size === 0) this.#lastAnswerAt = performance.now();
    this.#running.set(task.taskId, running);
    return running;
  }

  remove(running: RunningTask): void {
    const { taskId } = running.task;
    if (this.#running.get(taskId) === running) this.#running.delete(taskId);
  }

  obey(commands: readonly Command[]): void {
    for (const command of commands) {
      if (command.type !== "cancel") continue;
      const running = this.#running.get(command.taskId);
      if (running?.task.epoch === command.epoch) running.abort("The run was cancelled");
    }
  }

  /** Hands everything back. */
  abortAll(reason: string): void {
    for (const running of this.#running.values()) running.abort(reason);
  }

  /** Says goodbye. */
  async close(): Promise<void> {
    this.#closing.abort();
    clearTimeout(this.#soon);
    await this.#beating;
    await within(1_000, this.#send({ leaving: true }));
  }

  async #beat(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const identity = await within(firstHeartbeatMs, this.#session.identity());
      await sleep(identity?.heartbeatMs ?? firstHeartbeatMs, signal);
      if (identity === null || identity === undefined || signal.aborted) continue;
      await this.#send({ leaving: false });
      // Before the leases run out and somebody else begins the same work.
      const silentMs = performance.now() - this.#lastAnswerAt;
      if (silentMs > (identity.leaseMs * 2) / 3) this.abortAll("The orchestrator does not answer");
    }
  }

  async #send({ leaving }: { readonly leaving: boolean }): Promise<void> {
    const tasks = [...this.#running.values()];
    const progress = tasks.flatMap((running) => running.takeProgress() ?? []);
    const running = tasks.map(({ task: { taskId, epoch } }) => ({ taskId, epoch }));
    const loads = [...this.#loads, ...this.#takeLoads()].slice(-mostLoads);
    this.#loads = [];
    try {
      const answer = await this.#session.events({ running, progress, loads, leaving });
      if (answer === null) return;
      this.#lastAnswerAt = performance.now();
      for (const taskId of answer.lost) this.#lose(taskId);
      this.obey(answer.commands);
    } catch (error) {
      this.#loads = [...loads, ...this.#loads];
      this.#log.info({ reason: String(error) }, "no answer to a heartbeat");
    }
  }

  #sendSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      void this.#send({ leaving: false });
    }, progressEveryMs);
  }

  #lose(taskId: string): void {
    const running = this.#running.get(taskId);
    if (running === undefined || running.isLost) return;
    const { runId, stepId } = running.task;
    // Once the work is done, it may just have been handed in.
    if (!running.isWorked) this.#log.warn({ runId, stepId }, "a lease was lost");
    running.isLost = true;
    running.abort("The lease was lost");
  }
}

/** A task under way. */
export class RunningTask {
  readonly task: Task;
  /** The lease is gone: nobody takes the result any more. */
  isLost = false;
  /** The work is done, and is to be handed in. */
  isWorked = false;
  readonly #controller = new AbortController();
  readonly #onProgress: () => void;
  #progress: EventsRequest["progress"][number] | undefined;
  #reported: EventsRequest["progress"][number] | undefined;
  #preview: string | undefined;
  #note: string | undefined;

  constructor(task: Task, onProgress: () => void) {
    this.task = task;
    this.#onProgress = onProgress;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  abort(reason: string): void {
    this.#controller.abort(new Error(reason));
  }

  report(...[phase, done, total, leftMs]: Parameters<OpContext["progress"]>): void {
    const { taskId, epoch, runId, stepId, nodeIds, item } = this.task;
    const left = leftMs === undefined ? {} : { leftMs: whole(leftMs) };
    const counts = { done: whole(done), total: whole(total), ...left };
    const preview = this.#preview === undefined ? {} : { preview: this.#preview };
    const step = { taskId, epoch, runId, stepId, nodeIds, item };
    const note = this.#note === undefined ? {} : { note: this.#note };
    this.#reported = { ...step, phase, ...counts, ...note, ...preview };
    this.#progress = this.#reported;
    this.#onProgress();
  }

  /** Goes with the progress that is reported next. */
  note(words: string): void {
    this.#note = words;
  }

  /** Goes with the progress that was reported last, and with all that follows. */
  preview(url: string): void {
    this.#preview = url;
    if (this.#reported === undefined) return;
    this.#progress = { ...this.#reported, preview: url };
    this.#onProgress();
  }

  /** The newest, once. */
  takeProgress(): EventsRequest["progress"][number] | undefined {
    const progress = this.#progress;
    this.#progress = undefined;
    return progress;
  }
}

/** The protocol takes whole numbers from 0; what an op says is not trusted to be one. */
function whole(value: number): number {
  return Number.isFinite(value) ? Math.max(0, Math.round(value)) : 0;
}
