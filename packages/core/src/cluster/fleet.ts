import { isFree, type Runner } from "./cluster-types.ts";
import { KeyedHeap } from "./keyed-heap.ts";
import { holderStartMs } from "./load-ms.ts";
import { compareText } from "./turn.ts";

/** A runner that holds a model, and when it could begin a step of it. */
export interface Holder {
  readonly startMs: number;
  readonly runner: Runner;
}

/** Runners by the models that they hold and by when they are free. A change costs O(log n) for each model that it holds. */
export class Fleet {
  readonly #runners = new Map<string, Runner>();
  readonly #holders = new Map<string, KeyedHeap<string, Holder>>();
  readonly #held = new Map<string, readonly string[]>();
  readonly #free = new KeyedHeap<string, Holder>(compareHolders);
  readonly #soonest = new KeyedHeap<string, Holder>(compareHolders);
  readonly #onModel: (hash: string) => void;
  #slots = 0;

  /** `onModel` is called after every change of who holds a model, or of when they are free. */
  constructor(onModel: (hash: string) => void) {
    this.#onModel = onModel;
  }

  get slots(): number {
    return this.#slots;
  }

  get(id: string): Runner | undefined {
    return this.#runners.get(id);
  }

  /** Runners with a free slot; the one that has had it longest first. */
  get free(): KeyedHeap<string, Holder> {
    return this.#free;
  }

  /** All runners; the one that is free soonest first. */
  get soonest(): KeyedHeap<string, Holder> {
    return this.#soonest;
  }

  holders(hash: string): KeyedHeap<string, Holder> | undefined {
    return this.#holders.get(hash);
  }

  /** Takes in what a runner says of itself; call it after every change. */
  set(runner: Runner): void {
    const before = this.#held.get(runner.id) ?? [];
    const models = [...runner.models].filter(
      ([, { onDevice, inRamAtMs }]) => onDevice || inRamAtMs !== null,
    );
    const hashes = models.map(([hash]) => hash);
    this.#slots += runner.slots - (this.#runners.get(runner.id)?.slots ?? 0);
    this.#runners.set(runner.id, runner);
    this.#held.set(runner.id, hashes);
    const holder = { startMs: runner.freeAtMs, runner };
    this.#soonest.set(runner.id, holder);
    if (isFree(runner)) this.#free.set(runner.id, holder);
    else this.#free.delete(runner.id);
    for (const hash of before) if (!hashes.includes(hash)) this.#forget(hash, runner.id);
    for (const [hash, held] of models) {
      const holders = this.#holders.get(hash) ?? new KeyedHeap<string, Holder>(compareHolders);
      this.#holders.set(hash, holders);
      holders.set(runner.id, { startMs: holderStartMs(runner, hash, held), runner });
      this.#onModel(hash);
    }
  }

  remove(id: string): void {
    const runner = this.#runners.get(id);
    if (runner === undefined) return;
    this.#slots -= runner.slots;
    for (const hash of this.#held.get(id) ?? []) this.#forget(hash, id);
    this.#runners.delete(id);
    this.#held.delete(id);
    this.#free.delete(id);
    this.#soonest.delete(id);
  }

  #forget(hash: string, id: string): void {
    const holders = this.#holders.get(hash);
    holders?.delete(id);
    if (holders?.size === 0) this.#holders.delete(hash);
    this.#onModel(hash);
  }
}

function compareHolders(first: Holder, second: Holder): number {
  return first.startMs - second.startMs || compareText(first.runner.id, second.runner.id);
}
