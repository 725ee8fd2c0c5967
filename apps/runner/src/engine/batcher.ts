import { performance } from "node:perf_hooks";
import { setImmediate } from "node:timers/promises";
import { chooseRows, type Waiting } from "./choose-rows.ts";
import type { Stepper } from "./stepper.ts";

export interface BatcherOptions<Request, Work, Result> {
  readonly stepper: Stepper<Request, Work, Result>;
  /** How many may take a step together while so many want one. */
  readonly cap: (waiting: number) => number;
}

export interface JoinOptions<Work> {
  /** The higher goes first; default 0. */
  readonly priority?: number | undefined;
  /** Heard between steps; the promise then rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Called after each of its steps. */
  readonly onStep?: ((work: Work) => void) | undefined;
  /** Called after each of its steps with the milliseconds since the one before in which the device worked for others. */
  readonly onWait?: ((ms: number) => void) | undefined;
  /** The state of an earlier attempt at the same request; one that does not fit is passed over. */
  readonly resume?: Uint8Array | null | undefined;
  /** Called with the state between two steps when it is aborted after its first. */
  readonly onAbort?: ((state: Uint8Array) => Promise<void>) | undefined;
}

interface Member<Work> extends Waiting {
  readonly work: Work;
  readonly join: JoinOptions<Work>;
  sinceMs: number;
  readonly end: (error?: unknown) => void;
}

/**
 * Batches requests of one model at every step: they join and leave between steps (Orca, Yu et al., 2022, for language
 * models). Owns the loop, which runs while somebody wants a step. What joins is prepared, and what has taken its last
 * step is finished, while the others go on taking theirs.
 */
export class Batcher<Request, Work, Result> {
  readonly #options: BatcherOptions<Request, Work, Result>;
  readonly #members = new Set<Member<Work>>();
  #arrivals = 0;
  #isRunning = false;

  constructor(options: BatcherOptions<Request, Work, Result>) {
    this.#options = options;
  }

  /** Nobody wants a step. */
  get isIdle(): boolean {
    return this.#members.size === 0;
  }

  async run(request: Request, join: JoinOptions<Work> = {}): Promise<Result> {
    const { stepper } = this.#options;
    join.signal?.throwIfAborted();
    const work = await stepper.prepare(request);
    const { resume } = join;
    if (resume !== undefined && resume !== null) stepper.restore(work, resume);
    if (stepper.stepsDone(work) < stepper.stepsOf(work)) await this.#takeSteps(work, join);
    await setImmediate();
    join.signal?.throwIfAborted();
    return stepper.finish(work);
  }

  #takeSteps(work: Work, join: JoinOptions<Work>): Promise<void> {
    return new Promise((resolve, reject) => {
      const member: Member<Work> = {
        work,
        join,
        priority: join.priority ?? 0,
        arrival: (this.#arrivals += 1),
        sinceMs: performance.now(),
        end: (error) => {
          this.#members.delete(member);
          if (error === undefined) resolve();
          else reject(error);
        },
      };
      this.#members.add(member);
      if (!this.#isRunning) void this.#run();
    });
  }

  /** Never rejects: a failed step is heard of by those who were to take it. */
  async #run(): Promise<void> {
    this.#isRunning = true;
    for (;;) {
      // Whoever was let go or came meanwhile is heard first.
      await setImmediate();
      await this.#dropAborted();
      if (this.#members.size === 0) break;
      const choice = { cap: this.#options.cap(this.#members.size), nowMs: performance.now() };
      await this.#step(chooseRows(this.#members, choice));
    }
    this.#isRunning = false;
  }

  async #dropAborted(): Promise<void> {
    const { stepper } = this.#options;
    for (const member of this.#members) {
      const { signal, onAbort } = member.join;
      if (signal?.aborted !== true) continue;
      if (onAbort !== undefined && stepper.stepsDone(member.work) > 0)
        await onAbort(stepper.save(member.work)).catch(() => {});
      member.end(signal.reason);
    }
  }

  async #step(rows: readonly Member<Work>[]): Promise<void> {
    const { stepper } = this.#options;
    const before = performance.now();
    try {
      await stepper.step(rows.map(({ work }) => work));
    } catch (error) {
      if (rows.length === 1) rows[0]?.end(error);
      // One of them may be at fault: alone, only that one fails.
      else for (const row of rows) await this.#step([row]);
      return;
    }
    const now = performance.now();
    const ownMs = (now - before) / rows.length;
    for (const row of rows) {
      const waitedMs = now - row.sinceMs - ownMs;
      row.sinceMs = now;
      try {
        row.join.onWait?.(waitedMs);
        row.join.onStep?.(row.work);
        if (stepper.stepsDone(row.work) >= stepper.stepsOf(row.work)) row.end();
      } catch (error) {
        row.end(error);
      }
    }
  }
}
