import { assert } from "@heddle/core";
import { houseTextToImage } from "@heddle/house-models";
import { adapterLayout, lengthOf, type AdapterTarget, type Factors } from "./adapter.ts";
import { largestFloat16, toFloat16 } from "./float16.ts";

export interface AdapterFacts {
  readonly title: string;
  /** F16 halves the file; F32 keeps every number. */
  readonly dtype: "F16" | "F32";
}

/**
 * A LoRA as a .safetensors file, which `readAdapter` and other programs read. The same factors and facts give the same
 * bytes. Throws (a bug) when a number does not fit.
 */
export function writeAdapter(factors: Factors, { title, dtype }: AdapterFacts): Uint8Array {
  const itemBytes = dtype === "F16" ? 2 : 4;
  const tensors = tensorsOf(factors);
  const metadata = {
    format: "heddle-lora",
    base: houseTextToImage.id,
    rank: String(factors.rank),
    title,
  };
  const described: Record<string, unknown> = { __metadata__: metadata };
  let sizeBytes = 0;
  for (const { name, shape, values } of tensors) {
    const end = sizeBytes + values.length * itemBytes;
    described[name] = { dtype, shape, data_offsets: [sizeBytes, end] };
    sizeBytes = end;
  }
  const header = encodeHeader(described);
  const file = new Uint8Array(header.length + sizeBytes);
  file.set(header);
  const view = new DataView(file.buffer);
  let at = header.length;
  for (const { values } of tensors) {
    for (const value of values) {
      writeNumber(view, { at, wide: dtype === "F32" }, value);
      at += itemBytes;
    }
  }
  return file;
}

interface NamedTensor {
  readonly name: string;
  readonly shape: readonly [number, number];
  readonly values: Float32Array;
}

function tensorsOf(factors: Factors): NamedTensor[] {
  const layers = Array.from({ length: adapterLayout.layers }, (_, layer) => layer);
  return layers.flatMap((layer) =>
    adapterLayout.targets.flatMap((target) => pairOf(factors, layer, target)),
  );
}

function pairOf({ rank, a, b }: Factors, layer: number, target: AdapterTarget): NamedTensor[] {
  const { inputs, outputs } = adapterLayout;
  const [width, height] = [lengthOf(target.input), lengthOf(target.output)];
  const down = new Float32Array(rank * width);
  for (let row = 0; row < rank; row += 1) {
    const place = (layer * rank + row) * inputs + target.input.first;
    down.set(a.subarray(place, place + width), row * width);
  }
  const first = (layer * outputs + target.output.first) * rank;
  const up = b.subarray(first, first + height * rank);
  const key = `blocks.${layer}.${target.name}`;
  return [
    { name: `${key}.lora_A.weight`, shape: [rank, width], values: down },
    { name: `${key}.lora_B.weight`, shape: [height, rank], values: up },
  ];
}

/** Its length, then JSON, filled up with spaces to a multiple of 8 bytes as the format advises. */
function encodeHeader(described: Readonly<Record<string, unknown>>): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(described));
  const length = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + length).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true);
  header.set(json, 8);
  return header;
}

function writeNumber(view: DataView, place: { at: number; wide: boolean }, value: number): void {
  const { at, wide } = place;
  assert(Math.abs(value) < (wide ? Number.POSITIVE_INFINITY : largestFloat16 + 1), "a factor fits");
  if (wide) view.setFloat32(at, value, true);
  else view.setUint16(at, toFloat16(value), true);
}
