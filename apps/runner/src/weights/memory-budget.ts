import { performance } from "node:perf_hooks";
import { chooseVictim } from "./choose-victim.ts";
import { Kept, type KeptSpec } from "./kept.ts";
import type { Slot, SlotLabel } from "./slot.ts";

/** Something was loaded or given up. */
export interface BudgetEvent extends SlotLabel {
  readonly kind: "loaded" | "evicted";
  readonly sizeBytes: number;
  /** How long that took, without waiting for room or for what it is made of. */
  readonly ms: number;
}

export interface MemoryBudgetOptions {
  /** All that is kept together, in bytes. */
  readonly limitBytes: number;
  readonly onEvent?: ((event: BudgetEvent) => void) | undefined;
  /** Called when a load is let in over the limit, with the bytes that are kept then. */
  readonly onOverdraft?: ((name: string, totalBytes: number) => void) | undefined;
  /** Milliseconds from any fixed point. */
  readonly now?: (() => number) | undefined;
}

/** A load that was asked for. */
interface Job {
  readonly slot: Slot;
  /** Does not wait for room. */
  isUrgent: boolean;
  readonly done: Promise<void>;
  readonly end: (error?: unknown) => void;
}

/**
 * Keeps large values within one number of bytes.
 *
 * Owns what is loaded and in which order. Loads and evictions happen one at a time, since making a session holds its
 * weights more than once. A load first makes room by giving up what is not in use, least worth first (`chooseVictim`); where that is not enough it waits for leases to end, in the order of asking. The limit is
 * passed only by what is in use: for a caller that holds a lease already, and for a single value that is larger than the
 * limit. When those leases end, so does that.
 */
export class MemoryBudget {
  readonly now: () => number;
  readonly #options: MemoryBudgetOptions;
  readonly #loaded = new Set<Slot>();
  readonly #jobs = new Set<Job>();
  #working: Promise<void> | undefined;

  constructor(options: MemoryBudgetOptions) {
    this.#options = options;
    this.now = options.now ?? (() => performance.now());
  }

  get totalBytes(): number {
    return bytesOf(this.#loaded);
  }

  keep<Value>(spec: KeptSpec<Value>): Kept<Value> {
    return new Kept(spec, this);
  }

  /** For `Kept`: resolves when the value is there. */
  load(slot: Slot, isUrgent: boolean): Promise<void> {
    const job = [...this.#jobs].find((known) => known.slot === slot) ?? createJob(slot);
    job.isUrgent ||= isUrgent;
    this.#jobs.add(job);
    void this.settle();
    return job.done;
  }

  /** Does what loads and evictions can be done now. Never rejects: who asked for a load hears of it. */
  settle(): Promise<void> {
    return (this.#working ??= this.#work());
  }

  async #work(): Promise<void> {
    // Not before `#working` says that somebody is at it.
    await Promise.resolve();
    for (;;) {
      const victim = this.#victim();
      const job = victim === undefined ? this.#nextJob() : undefined;
      if (victim !== undefined) await this.#evict(victim);
      else if (job !== undefined) await this.#do(job);
      else break;
    }
    this.#working = undefined;
  }

  /** What has to go although no load needs its room. */
  #victim(): Slot | undefined {
    const victim = chooseVictim(this.#loaded, this.now());
    if (victim === undefined || victim.isUnwanted) return victim;
    return this.totalBytes > this.#options.limitBytes ? victim : undefined;
  }

  /** The first that may begin. Who needs less than the one before does not overtake it. */
  #nextJob(): Job | undefined {
    const jobs = [...this.#jobs];
    for (const job of jobs) {
      // Those who wanted it have given up.
      if (job.slot.pins === 0) this.#finish(job, new Error(`${job.slot.label.name} is not wanted`));
    }
    const [first] = this.#jobs;
    // What came as a part of something else is in use by whoever waits for it, so it must not wait for room.
    const ready = [...this.#jobs].find(({ slot, isUrgent }) => isUrgent || slot.isLoaded);
    if (ready !== undefined || first === undefined) return ready;
    const inUse = [...this.#loaded].filter(
      (slot) => slot.pins > 0 && !first.slot.from.includes(slot),
    );
    const fits = bytesOf(inUse) + bytesOf(wholeOf(first.slot)) <= this.#options.limitBytes;
    return fits || inUse.length === 0 ? first : undefined;
  }

  async #do(job: Job): Promise<void> {
    const { slot } = job;
    const whole = wholeOf(slot);
    for (const part of slot.from) part.pins += 1;
    try {
      await this.#makeRoom(slot.label.name, bytesOf(whole.filter((part) => !part.isLoaded)));
      for (const part of whole) if (!part.isLoaded) await this.#fill(part);
      this.#finish(job);
    } catch (error) {
      this.#finish(job, error);
    }
    for (const part of slot.from) part.pins -= 1;
  }

  async #makeRoom(name: string, neededBytes: number): Promise<void> {
    const { limitBytes, onOverdraft } = this.#options;
    for (;;) {
      const afterwardsBytes = this.totalBytes + neededBytes;
      if (afterwardsBytes <= limitBytes) return;
      const victim = chooseVictim(this.#loaded, this.now());
      if (victim === undefined) return onOverdraft?.(name, afterwardsBytes);
      await this.#evict(victim);
    }
  }

  async #fill(slot: Slot): Promise<void> {
    // What it is made of is used by loads, not by leases.
    for (const part of slot.from) part.uses.count(this.now());
    await slot.fill();
    this.#loaded.add(slot);
    const { label, sizeBytes, loadMs } = slot;
    this.#options.onEvent?.({ kind: "loaded", ...label, sizeBytes, ms: loadMs });
  }

  async #evict(slot: Slot): Promise<void> {
    const before = this.now();
    // The next use of it will be a use of them.
    for (const part of slot.from) part.uses.inherit(slot.uses, before);
    const { label, sizeBytes } = slot;
    this.#loaded.delete(slot);
    await slot.empty();
    const ms = this.now() - before;
    this.#options.onEvent?.({ kind: "evicted", ...label, sizeBytes, ms });
  }

  #finish(job: Job, error?: unknown): void {
    this.#jobs.delete(job);
    job.end(error);
  }
}

function createJob(slot: Slot): Job {
  let end: Job["end"] = () => {};
  const done = new Promise<void>((resolve, reject) => {
    end = (error) => (error === undefined ? resolve() : reject(error));
  });
  // Those who waited may have given up; then nobody hears of it.
  done.catch(() => {});
  return { slot, isUrgent: false, done, end };
}

/** It and what it is made of, in the order of loading. */
function wholeOf(slot: Slot): readonly Slot[] {
  return [...slot.from, slot];
}

function bytesOf(slots: Iterable<Slot>): number {
  let bytes = 0;
  for (const slot of slots) bytes += slot.sizeBytes;
  return bytes;
}
