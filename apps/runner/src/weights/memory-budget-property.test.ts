import fc from "fast-check";
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { it } from "vitest";
import { worthPerByte } from "./choose-victim.ts";
import type { Kept, Lease } from "./kept.ts";
import { MemoryBudget } from "./memory-budget.ts";

const limitBytes = 100;

/** Files, sessions that are made of them, a value, and one that is larger than the limit. */
const sizes = { files: [10, 25, 40], sessions: [30, 50, 90], others: [20, 130] };

const moves = fc.array(
  fc.oneof(
    fc.record({ do: fc.constant("acquire" as const), what: fc.nat(7), alone: fc.boolean() }),
    fc.record({ do: fc.constant("acquire" as const), what: fc.nat(7), alone: fc.boolean() }),
    fc.record({ do: fc.constant("release" as const), which: fc.nat(20) }),
    fc.record({ do: fc.constant("release" as const), which: fc.nat(20) }),
    fc.record({ do: fc.constant("drop" as const), what: fc.nat(7) }),
    fc.record({ do: fc.constant("abort" as const) }),
    fc.record({ do: fc.constant("pass" as const), ms: fc.nat(2_000_000) }),
  ),
  { minLength: 1, maxLength: 60 },
);
type Move = typeof moves extends fc.Arbitrary<infer Value> ? Value[keyof Value & number] : never;

/** Does what it is told, and holds the budget against what it promises. */
class Users {
  #nowMs = 0;
  readonly #budget = new MemoryBudget({ limitBytes, now: () => this.#nowMs });
  readonly #all: Kept<Uint8Array>[] = [];
  readonly #freed = new WeakSet<Uint8Array>();
  readonly #dropped = new Set<Kept<Uint8Array>>();
  readonly #asked = new Set<Promise<unknown>>();
  #leases: { readonly of: Kept<Uint8Array>; readonly lease: Lease<Uint8Array> }[] = [];
  #abort = new AbortController();

  constructor() {
    const files = sizes.files.map((bytes, at) => this.#keep(`file ${at}`, bytes, []));
    for (const [at, file] of files.entries()) {
      this.#keep(`session ${at}`, sizes.sessions[at] ?? 0, [file]);
    }
    for (const bytes of sizes.others) this.#keep(`value of ${bytes}`, bytes, []);
  }

  async do(move: Move): Promise<void> {
    const kept = "what" in move ? this.#all[move.what] : undefined;
    if (move.do === "acquire" && kept !== undefined) this.#acquire(kept, move.alone);
    if (move.do === "drop" && kept !== undefined) {
      this.#dropped.add(kept);
      void kept.drop();
    }
    if (move.do === "release" && this.#leases.length > 0) {
      this.#leases.splice(move.which % this.#leases.length, 1)[0]?.lease.release();
    }
    if (move.do === "abort") {
      this.#abort.abort(new Error("cancelled"));
      this.#abort = new AbortController();
    }
    if (move.do === "pass") this.#nowMs += move.ms;
    await this.check();
  }

  async check(): Promise<void> {
    await this.#budget.settle();
    for (const { of, lease } of this.#leases) {
      assert(of.isLoaded && !this.#freed.has(lease.value), `${of.label.name} is in use`);
    }
    const loaded = this.#all.filter(({ isLoaded }) => isLoaded);
    const total = loaded.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    assert.equal(this.#budget.totalBytes, total);
    assert(total <= limitBytes || loaded.every(({ pins }) => pins > 0));
  }

  /** Everybody comes to an end, and nothing is in use then. */
  async finish(): Promise<void> {
    while (this.#leases.length > 0 || this.#asked.size > 0) {
      for (const { lease } of this.#leases.splice(0)) lease.release();
      await this.check();
      await setImmediate();
    }
    await this.check();
    assert(this.#all.every(({ pins }) => pins === 0));
    assert(this.#budget.totalBytes <= limitBytes);
  }

  #acquire(kept: Kept<Uint8Array>, alone: boolean): void {
    this.#dropped.delete(kept);
    const holdsOthers = !alone && this.#leases.length > 0;
    const { signal } = this.#abort;
    const asked = kept.acquire({ signal, holdsOthers }).then(
      (lease) => this.#leases.push({ of: kept, lease }),
      (error: unknown) => assert.deepEqual(error, new Error("cancelled")),
    );
    this.#asked.add(asked);
    void asked.finally(() => this.#asked.delete(asked));
  }

  #keep(name: string, sizeBytes: number, from: Kept<Uint8Array>[]): Kept<Uint8Array> {
    const label = { name, modelId: name, sha256: "", tier: "ram" } as const;
    const kept: Kept<Uint8Array> = this.#budget.keep<Uint8Array>({
      label,
      sizeBytes,
      from,
      load: async (parts) => {
        assert.deepEqual(
          parts.map(({ length }) => length),
          from.map((part) => part.sizeBytes),
        );
        await Promise.resolve();
        this.#nowMs += sizeBytes ** 2;
        return new Uint8Array(sizeBytes);
      },
      dispose: async (value) => {
        this.#checkVictim(kept);
        this.#freed.add(value);
        await Promise.resolve();
      },
    });
    this.#all.push(kept);
    return kept;
  }

  /** Nobody uses it, and nothing that was worth less could have gone instead. */
  #checkVictim(victim: Kept<Uint8Array>): void {
    assert.equal(victim.pins, 0);
    if (this.#dropped.delete(victim)) return;
    const worth = worthPerByte(victim, this.#nowMs);
    for (const other of this.#all) {
      if (!other.isLoaded || other.pins > 0) continue;
      assert(worthPerByte(other, this.#nowMs) >= worth);
    }
  }
}

it("whatever users do: nothing in use is given up, the least worth goes first, only what is in use passes the limit, and all come to an end", async () => {
  await fc.assert(
    fc.asyncProperty(moves, async (list) => {
      const users = new Users();
      for (const move of list) await users.do(move);
      await users.finish();
    }),
    { numRuns: 400, seed: 1 },
  );
});
