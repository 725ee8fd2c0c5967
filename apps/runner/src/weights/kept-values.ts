import type { Resident } from "@heddle/core";
import type { AcquireOptions, Kept, Lease } from "./kept.ts";
import type { MemoryBudget } from "./memory-budget.ts";

export interface KeptValuesOptions<Value> {
  /** What the values are of, for logs and for the server: `lora`. */
  readonly modelId: string;
  /** Bytes that a value takes. */
  readonly sizeOf: (value: Value) => number;
}

/** Where one value comes from. */
export interface ValueSource<Value> {
  /** Of the bytes that it is read from, in lower-case hexadecimal. */
  readonly sha256: string;
  /** Bytes that it is expected to take; room is made for so much. */
  readonly sizeBytes: number;
  readonly load: () => Promise<Value>;
}

/** Values made from files that users bring, as parsed adapters, each kept under the hash of its file while there is room. */
export class KeptValues<Value> {
  readonly #options: KeptValuesOptions<Value>;
  readonly #budget: MemoryBudget;
  readonly #values = new Map<string, Kept<Value>>();

  constructor(options: KeptValuesOptions<Value>, budget: MemoryBudget) {
    this.#options = options;
    this.#budget = budget;
  }

  /** One that is there is not loaded; those who ask for the same at the same time share one load. */
  acquire(source: ValueSource<Value>, options?: AcquireOptions): Promise<Lease<Value>> {
    this.#forget();
    const kept = this.#values.get(source.sha256) ?? this.#keep(source);
    this.#values.set(source.sha256, kept);
    return kept.acquire(options);
  }

  resident(): Resident[] {
    const { modelId } = this.#options;
    return [...this.#values]
      .filter(([, { isLoaded }]) => isLoaded)
      .map(([sha256, { sizeBytes }]) => ({ modelId, sha256, sizeBytes, tier: "ram" }));
  }

  #keep({ sha256, sizeBytes, load }: ValueSource<Value>): Kept<Value> {
    const { modelId, sizeOf } = this.#options;
    const label = { name: sha256.slice(0, 12), modelId, sha256, tier: "ram" } as const;
    return this.#budget.keep({ label, sizeBytes, sizeOf, load });
  }

  /** A source may hold on to its task, so it does not outlive its value. */
  #forget(): void {
    for (const [sha256, { isLoaded, pins }] of this.#values) {
      if (!isLoaded && pins === 0) this.#values.delete(sha256);
    }
  }
}
