import { assert } from "@heddle/core";
import type { TextToImageModel } from "@heddle/house-models";
import { Tensor } from "onnxruntime-node";
import type { Adapter } from "../lora/adapter.ts";

/** A LoRA as a picture wears it; 1 is as it was made. */
export interface AppliedAdapter {
  readonly adapter: Adapter;
  readonly scale: number;
}

/** The adapter inputs of the denoiser for a batch, by name. */
type AdapterInputs = Readonly<Record<string, Tensor>>;

/**
 * Puts the adapters of a batch into the banks of the denoiser: each one once, however many rows wear it, and every row
 * says which it wears and how strongly (S-LoRA, Sheng et al., 2023, keeps its adapters so). Ranks may differ: the
 * shorter are filled up with zeros. Owns the banks of the last batch, since the next step mostly needs the same.
 */
export class AdapterBanks {
  readonly #layers: number;
  /** Columns of A. */
  readonly #inputs: number;
  /** Rows of B. */
  readonly #outputs: number;
  readonly #none: AdapterInputs;
  #last: { readonly key: string; readonly bank: AdapterInputs } | undefined;

  constructor({ config }: TextToImageModel) {
    this.#layers = config.depth;
    this.#inputs = 7 * config.width;
    this.#outputs = 9 * config.width;
    this.#none = this.#makeBank([]);
  }

  /** `rows`: what each picture of the batch wears. */
  inputsFor(rows: readonly (readonly AppliedAdapter[])[]): AdapterInputs {
    const worn = new Map(rows.flat().map(({ adapter }) => [adapter.sha256, adapter]));
    const adapters = [...worn.keys()].toSorted().flatMap((sha256) => worn.get(sha256) ?? []);
    const places = new Map(adapters.map(({ sha256 }, place) => [sha256, place]));
    const slots = Math.max(1, ...rows.map((row) => row.length));
    const index = new BigInt64Array(rows.length * slots);
    const scale = new Float32Array(rows.length * slots);
    for (const [row, wears] of rows.entries()) {
      for (const [slot, { adapter, scale: strength }] of wears.entries()) {
        index[row * slots + slot] = BigInt(places.get(adapter.sha256) ?? 0);
        scale[row * slots + slot] = strength;
      }
    }
    return {
      ...this.#bank(adapters),
      lora_index: new Tensor("int64", index, [rows.length, slots]),
      lora_scale: new Tensor("float32", scale, [rows.length, slots]),
    };
  }

  #bank(adapters: readonly Adapter[]): AdapterInputs {
    if (adapters.length === 0) return this.#none;
    const key = adapters.map(({ sha256 }) => sha256).join(" ");
    if (this.#last?.key !== key) this.#last = { key, bank: this.#makeBank(adapters) };
    return this.#last.bank;
  }

  /** Without any: one of zeros, of rank 1. */
  #makeBank(adapters: readonly Adapter[]): AdapterInputs {
    const [layers, inputs, outputs] = [this.#layers, this.#inputs, this.#outputs];
    const count = Math.max(1, adapters.length);
    const rank = Math.max(1, ...adapters.map((adapter) => adapter.rank));
    const a = new Float32Array(count * layers * rank * inputs);
    const b = new Float32Array(count * layers * outputs * rank);
    for (const [place, adapter] of adapters.entries()) {
      assert(adapter.a.length === layers * adapter.rank * inputs, "an adapter is of this model");
      const [lengthA, lengthB] = [adapter.rank * inputs, adapter.rank];
      // Of A whole matrices are shorter, of B each row.
      copyBlocks(adapter.a, lengthA, { into: a, first: place * layers, length: rank * inputs });
      copyBlocks(adapter.b, lengthB, { into: b, first: place * layers * outputs, length: rank });
    }
    return {
      lora_a: new Tensor("float32", a, [count, layers, rank, inputs]),
      lora_b: new Tensor("float32", b, [count, layers, outputs, rank]),
    };
  }
}

interface Blocks {
  readonly into: Float32Array;
  /** Number of the block where the copy begins. */
  readonly first: number;
  /** Of a block of `into`. */
  readonly length: number;
}

/** Copies blocks of one length to the beginnings of longer ones. */
function copyBlocks(from: Float32Array, fromLength: number, { into, first, length }: Blocks): void {
  for (let block = 0; block * fromLength < from.length; block += 1) {
    const values = from.subarray(block * fromLength, (block + 1) * fromLength);
    into.set(values, (first + block) * length);
  }
}
