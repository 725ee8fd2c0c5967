import type { MemoryBudget } from "./memory-budget.ts";
import type { Slot, SlotLabel } from "./slot.ts";
import { UseFrequency } from "./use-frequency.ts";

/** Something large that can be loaded again, and so may be given up when its room is needed. */
export interface KeptSpec<Value> {
  readonly label: SlotLabel;
  /** Bytes that it is expected to take. */
  readonly sizeBytes: number;
  /** Bytes that it does take once it is there; default: as expected. */
  readonly sizeOf?: ((value: Value) => number) | undefined;
  /** What it is made of; loaded first, and in use meanwhile. Default: nothing. */
  readonly from?: readonly Kept<Uint8Array>[] | undefined;
  /** Called by one at a time. What it throws is what `acquire` throws; the next `acquire` tries again. */
  readonly load: (from: readonly Uint8Array[]) => Promise<Value>;
  /** Frees what the garbage collector does not. */
  readonly dispose?: ((value: Value) => Promise<void>) | undefined;
}

export interface AcquireOptions {
  /** Heard while it waits; a load that has begun goes on to its end. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The caller holds a lease already. It is let in over the budget then, where it would wait: if all who hold
   * something waited for one another, nobody would ever go on. Default false.
   */
  readonly holdsOthers?: boolean | undefined;
}

/** The right to use a value, until `release`. */
export interface Lease<Value> {
  readonly value: Value;
  /** Milliseconds that `acquire` waited for room and loads; 0 when the value was there. */
  readonly waitedMs: number;
  /** A second call does nothing. */
  readonly release: () => void;
}

/** Something that is loaded when it is first used, stays while there is room, and is never given up while in use. */
export class Kept<Value> implements Slot {
  pins = 0;
  isUnwanted = false;
  readonly uses = new UseFrequency();
  readonly #spec: KeptSpec<Value>;
  readonly #budget: MemoryBudget;
  #held: { readonly value: Value; readonly sizeBytes: number } | undefined;
  #loadMs = 0;
  #wasLoaded = false;

  constructor(spec: KeptSpec<Value>, budget: MemoryBudget) {
    this.#spec = spec;
    this.#budget = budget;
  }

  /** Loads it where it is not there; everybody who asks meanwhile waits for the same load. */
  async acquire({ signal, holdsOthers = false }: AcquireOptions = {}): Promise<Lease<Value>> {
    signal?.throwIfAborted();
    const before = this.#budget.now();
    this.isUnwanted = false;
    this.pins += 1;
    this.uses.count(before);
    try {
      const waits = this.#held === undefined;
      if (waits) await orAbort(this.#budget.load(this, holdsOthers), signal);
      return this.#lease(waits ? this.#budget.now() - before : 0);
    } catch (error) {
      this.#unpin();
      throw error;
    }
  }

  /** Gives it up, at once or when its last lease ends; a later `acquire` loads it again. */
  async drop(): Promise<void> {
    this.isUnwanted = true;
    await this.#budget.settle();
  }

  get label(): SlotLabel {
    return this.#spec.label;
  }

  get from(): readonly Kept<Uint8Array>[] {
    return this.#spec.from ?? [];
  }

  get isLoaded(): boolean {
    return this.#held !== undefined;
  }

  /** It was there once. */
  get wasLoaded(): boolean {
    return this.#wasLoaded;
  }

  get sizeBytes(): number {
    return this.#held?.sizeBytes ?? this.#spec.sizeBytes;
  }

  get loadMs(): number {
    return this.#loadMs;
  }

  async fill(): Promise<void> {
    const { sizeBytes, sizeOf, load } = this.#spec;
    const before = this.#budget.now();
    const value = await load(this.from.map((part) => part.#value()));
    this.#loadMs = this.#budget.now() - before;
    this.#wasLoaded = true;
    this.#held = { value, sizeBytes: sizeOf?.(value) ?? sizeBytes };
  }

  async empty(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    this.isUnwanted = false;
    if (held !== undefined) await this.#spec.dispose?.(held.value);
  }

  #value(): Value {
    if (this.#held === undefined) throw new Error(`${this.label.name} is not loaded`);
    return this.#held.value;
  }

  #lease(waitedMs: number): Lease<Value> {
    let isOver = false;
    const release = () => {
      if (!isOver) this.#unpin();
      isOver = true;
    };
    return { value: this.#value(), waitedMs, release };
  }

  #unpin(): void {
    this.pins -= 1;
    void this.#budget.settle();
  }
}

async function orAbort(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return work;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener("abort", onAbort);
  }
}
