import { houseTextToImage } from "@heddle/house-models";

/**
 * A LoRA (Hu et al., 2021) of the built-in text-to-image model: in every layer, four products of the network gain
 * x → scale · B A x. The factors of all of them are packed side by side, as `adapterLayout` says; nobody writes them.
 */
export interface Adapter {
  /** of the file, lower-case hex */
  readonly sha256: string;
  readonly rank: number;
  /** [layers, rank, inputs] */
  readonly a: Float32Array;
  /** [layers, outputs, rank] */
  readonly b: Float32Array;
}

/** Factors without a file. */
export type Factors = Pick<Adapter, "rank" | "a" | "b">;

/** The largest rank that is taken; a LoRA has at most `largestAdapterBytes` then, at 32 bits a number. */
export const largestRank = 64;

interface Span {
  readonly first: number;
  /** Not included. */
  readonly last: number;
}

/** One of the products that a LoRA changes: where its A lies among `inputs`, and its B among `outputs`. */
export interface AdapterTarget {
  readonly name: string;
  readonly input: Span;
  readonly output: Span;
}

export interface AdapterLayout {
  readonly layers: number;
  /** Channels of the network. */
  readonly unit: number;
  /** Columns of the packed A. */
  readonly inputs: number;
  /** Rows of the packed B. */
  readonly outputs: number;
  readonly targets: readonly AdapterTarget[];
}

export const adapterLayout: AdapterLayout = createLayout();

/** Every number of every factor at 32 bits, and a megabyte for the header. */
export const largestAdapterBytes =
  4 * adapterLayout.layers * largestRank * (adapterLayout.inputs + adapterLayout.outputs) + 2 ** 20;

function createLayout(): AdapterLayout {
  const { layers, unit, targets } = houseTextToImage.lora;
  const spans = Object.entries(targets).map(([name, [a0, a1, b0, b1]]) => ({
    name,
    input: { first: a0 * unit, last: a1 * unit },
    output: { first: b0 * unit, last: b1 * unit },
  }));
  return {
    layers,
    unit,
    inputs: Math.max(...spans.map(({ input }) => input.last)),
    outputs: Math.max(...spans.map(({ output }) => output.last)),
    targets: spans,
  };
}

export function lengthOf({ first, last }: Span): number {
  return last - first;
}
