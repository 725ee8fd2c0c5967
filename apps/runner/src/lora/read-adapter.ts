import { createHash } from "node:crypto";
import { houseTextToImage } from "@heddle/house-models";
import {
  readSafetensors,
  SafetensorsUnreadable,
  type Safetensors,
  type SafetensorsTensor,
} from "@heddle/infra";
import { OpError } from "../op.ts";
import {
  adapterLayout,
  largestAdapterBytes,
  largestRank,
  lengthOf,
  type Adapter,
  type AdapterTarget,
} from "./adapter.ts";
import { fromFloat16 } from "./float16.ts";

export interface AdapterFile extends Adapter {
  /** What its maker called it; empty when the file does not say. */
  readonly title: string;
}

/**
 * Reads a LoRA of the built-in text-to-image model: safetensors with `blocks.<layer>.<target>.lora_A.weight` [rank, in]
 * and `.lora_B.weight` [out, rank] for every layer and target, as F16, BF16 or F32. A number `blocks.<layer>.<target>.alpha`,
 * or `alpha` (`lora_alpha`) in the header, scales B by alpha / rank; without one nothing is scaled. Throws OpError `lora_too_large`, `lora_unreadable`
 * (damaged) or `lora_of_another_model`, with `portId`.
 */
export function readAdapter(bytes: Uint8Array, portId: string): AdapterFile {
  try {
    if (bytes.byteLength > largestAdapterBytes) throw tooLarge(bytes.byteLength);
    return unpack(bytes);
  } catch (error) {
    if (error instanceof SafetensorsUnreadable) throw unreadable(error.message, portId);
    if (error instanceof AnotherModel)
      throw new OpError("lora_of_another_model", error.message, portId);
    throw error;
  }

  function tooLarge(sizeBytes: number): OpError {
    return new OpError("lora_too_large", describeTooLarge(sizeBytes), portId);
  }
}

export function describeTooLarge(sizeBytes: number): string {
  const [size, most] = [sizeBytes, largestAdapterBytes].map((count) => Math.ceil(count / 2 ** 20));
  return `A LoRA of ${size} MB is too large: those of the built-in text-to-image model have at most ${most} MB. ${wayOut}`;
}

/** Characters; what is longer is cut. */
const longestTitle = 120;

const wayOut = "Choose one that Train LoRA or House style made.";

/** The file is sound, but its numbers do not fit the network. */
class AnotherModel extends Error {
  constructor(reason: string) {
    super(`This LoRA was not made for the built-in text-to-image model: ${reason}. ${wayOut}`);
  }
}

function unreadable(reason: string, portId: string): OpError {
  const message = `This LoRA file cannot be used: ${reason}. Load it again, or choose another.`;
  return new OpError("lora_unreadable", message, portId);
}

function unpack(bytes: Uint8Array): AdapterFile {
  const file = readSafetensors(bytes);
  checkMetadata(file);
  const pairs = findPairs(file);
  checkNames(file, pairs);
  const rank = rankOf(pairs);
  const { layers, inputs, outputs } = adapterLayout;
  const a = new Float32Array(layers * rank * inputs);
  const b = new Float32Array(layers * outputs * rank);
  const common = commonAlpha(file.metadata);
  for (const pair of pairs) {
    const down = readFloats(pair.downName, pair.down);
    const up = readFloats(pair.upName, pair.up);
    scaleBy(up, (ownAlpha(file, pair) ?? common ?? rank) / rank, pair);
    const { input, output } = pair.target;
    const width = lengthOf(input);
    for (let row = 0; row < rank; row += 1) {
      const place = (pair.layer * rank + row) * inputs + input.first;
      a.set(down.subarray(row * width, (row + 1) * width), place);
    }
    b.set(up, (pair.layer * outputs + output.first) * rank);
  }
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { sha256, rank, a, b, title: (file.metadata["title"] ?? "").slice(0, longestTitle) };
}

function checkMetadata({ metadata }: Safetensors): void {
  const { base } = metadata;
  if (base !== undefined && base !== houseTextToImage.id)
    throw new AnotherModel(`its header says that it is for ${quote(base)}`);
}

interface Pair {
  readonly key: string;
  readonly layer: number;
  readonly target: AdapterTarget;
  readonly downName: string;
  readonly upName: string;
  readonly down: SafetensorsTensor;
  readonly up: SafetensorsTensor;
}

/** The two factors of every layer and target. */
function findPairs({ tensors }: Safetensors): Pair[] {
  const missing: string[] = [];
  const pairs: Pair[] = [];
  for (let layer = 0; layer < adapterLayout.layers; layer += 1) {
    for (const target of adapterLayout.targets) {
      const key = `blocks.${layer}.${target.name}`;
      const [downName, upName] = [`${key}.lora_A.weight`, `${key}.lora_B.weight`];
      const [down, up] = [tensors.get(downName), tensors.get(upName)];
      if (down !== undefined && up !== undefined)
        pairs.push({ key, layer, target, downName, upName, down, up });
      if (down === undefined) missing.push(downName);
      if (up === undefined) missing.push(upName);
    }
  }
  if (pairs.length === 0) throw new AnotherModel(describeContents(tensors));
  const [first] = missing;
  if (first === undefined) return pairs;
  throw new SafetensorsUnreadable(
    missing.length === 1
      ? `${first} is missing`
      : `${first} and ${missing.length - 1} more are missing`,
  );
}

function describeContents(tensors: Safetensors["tensors"]): string {
  const [first] = tensors.keys();
  return first === undefined ? "it holds no tensors" : `it changes layers such as ${quote(first)}`;
}

/** Layers that this network does not have must not be left out in silence. */
function checkNames({ tensors }: Safetensors, pairs: readonly Pair[]): void {
  const known = new Set(
    pairs.flatMap(({ key, downName, upName }) => [downName, upName, `${key}.alpha`]),
  );
  const extra = [...tensors.keys()].find((name) => !known.has(name));
  if (extra !== undefined)
    throw new AnotherModel(`it also changes ${quote(extra)}, which that model does not have`);
}

/** The one rank of all pairs, once every shape has been held against it. */
function rankOf(pairs: readonly Pair[]): number {
  const rank = pairs[0]?.down.shape[0] ?? 0;
  if (rank < 1 || rank > largestRank)
    throw new SafetensorsUnreadable(`its rank is ${rank}, and must be 1 to ${largestRank}`);
  for (const { target, downName, upName, down, up } of pairs) {
    checkShape(downName, down, [rank, lengthOf(target.input)]);
    checkShape(upName, up, [lengthOf(target.output), rank]);
  }
  return rank;
}

function checkShape(
  name: string,
  { shape }: SafetensorsTensor,
  wanted: readonly [number, number],
): void {
  if (shape.length === 2 && shape[0] === wanted[0] && shape[1] === wanted[1]) return;
  throw new AnotherModel(
    `${name} is ${shape.join(" × ") || "a single number"}, and must be ${wanted.join(" × ")}`,
  );
}

/** From the header, for pairs without a number of their own. */
function commonAlpha(metadata: Safetensors["metadata"]): number | undefined {
  const words = metadata["alpha"] ?? metadata["lora_alpha"];
  if (words === undefined) return undefined;
  const alpha = Number(words.trim() === "" ? Number.NaN : words);
  if (Number.isFinite(alpha)) return alpha;
  throw new SafetensorsUnreadable(`alpha in its header is ${quote(words)}, and must be a number`);
}

function ownAlpha({ tensors }: Safetensors, { key }: Pair): number | undefined {
  const own = tensors.get(`${key}.alpha`);
  if (own === undefined) return undefined;
  const values = readFloats(`${key}.alpha`, own);
  if (values.length === 1) return values[0];
  throw new SafetensorsUnreadable(`${key}.alpha holds ${values.length} numbers instead of one`);
}

function scaleBy(values: Float32Array, scale: number, { key }: Pair): void {
  if (scale === 1) return;
  for (let at = 0; at < values.length; at += 1) values[at] = (values[at] ?? 0) * scale;
  if (!values.every(Number.isFinite))
    throw new SafetensorsUnreadable(`the alpha of ${key} makes numbers that are not finite`);
}

/** A copy at 32 bits; every number finite. */
function readFloats(name: string, { dtype, bytes }: SafetensorsTensor): Float32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = decode(dtype, view);
  if (values === null)
    throw new SafetensorsUnreadable(`${name} is of type ${dtype}; F16, BF16 and F32 are taken`);
  if (!values.every(Number.isFinite))
    throw new SafetensorsUnreadable(`${name} holds numbers that are not finite`);
  return values;
}

function decode(dtype: string, view: DataView): Float32Array | null {
  const halves = new Float32Array(view.byteLength / 2);
  switch (dtype) {
    case "F16":
      return halves.map((_, at) => fromFloat16(view.getUint16(2 * at, true)));
    case "BF16": {
      const wide = new DataView(new ArrayBuffer(4));
      return halves.map((_, at) => {
        wide.setUint32(0, view.getUint16(2 * at, true) * 0x1_0000);
        return wide.getFloat32(0);
      });
    }
    case "F32":
      return new Float32Array(view.byteLength / 4).map((_, at) => view.getFloat32(4 * at, true));
    default:
      return null;
  }
}

function quote(text: string): string {
  return `“${text.slice(0, 80)}”`;
}
