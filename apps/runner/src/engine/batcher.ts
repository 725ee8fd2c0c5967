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

interface Member<Work, Result> extends Waiting {
  readonly work: Work;
  readonly join: JoinOptions<Work>;
  sinceMs: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Batches requests of one model at every step: they join and leave between steps (Orca, Yu et al., 2022, for language
 * models). Owns the loop, which runs while somebody wants a step or is to be finished. What joins is prepared while the
 * others go on taking their steps. What has taken its last step is finished before anybody takes the next: it is nearest
 * its end, and on a CPU a step beside it would take the same cores (`docs/serving.md`).
 */
export class Batcher<Request, Work, Result> {
  readonly #options: BatcherOptions<Request, Work, Result>;
  readonly #members = new Set<Member<Work, Result>>();
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
    return this.#join(work, join);
  }

  #join(work: Work, join: JoinOptions<Work>): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#members.add({
        work,
        join,
        priority: join.priority ?? 0,
        arrival: (this.#arrivals += 1),
        sinceMs: performance.now(),
        resolve,
        reject,
      });
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
      const done = [...this.#members].filter((member) => this.#isDone(member));
      if (done.length > 0) await Promise.all(done.map((member) => this.#finish(member)));
      else if (this.#members.size === 0) break;
      else await this.#step(this.#choose());
    }
    this.#isRunning = false;
  }

  #isDone({ work }: Member<Work, Result>): boolean {
    const { stepper } = this.#options;
    return stepper.stepsDone(work) >= stepper.stepsOf(work);
  }

  #choose(): Member<Work, Result>[] {
    const cap = this.#options.cap(this.#members.size);
    return chooseRows(this.#members, { cap, nowMs: performance.now() });
  }

  async #finish(member: Member<Work, Result>): Promise<void> {
    try {
      const result = await this.#options.stepper.finish(member.work);
      this.#members.delete(member);
      member.resolve(result);
    } catch (error) {
      this.#fail(member, error);
    }
  }

  #fail(member: Member<Work, Result>, error: unknown): void {
    this.#members.delete(member);
    member.reject(error);
  }

  async #dropAborted(): Promise<void> {
    const { stepper } = this.#options;
    for (const member of this.#members) {
      const { signal, onAbort } = member.join;
      if (signal?.aborted !== true) continue;
      if (onAbort !== undefined && stepper.stepsDone(member.work) > 0)
        await onAbort(stepper.save(member.work)).catch(() => {});
      this.#fail(member, signal.reason);
    }
  }

  async #step(rows: readonly Member<Work, Result>[]): Promise<void> {
    const { stepper } = this.#options;
    const before = performance.now();
    try {
      await stepper.step(rows.map(({ work }) => work));
    } catch (error) {
      // One of them may be at fault: alone, only that one fails.
      if (rows.length > 1) for (const row of rows) await this.#step([row]);
      else for (const row of rows) this.#fail(row, error);
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
      } catch (error) {
        this.#fail(row, error);
      }
    }
  }
}
