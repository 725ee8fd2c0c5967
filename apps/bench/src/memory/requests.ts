import { catalog } from "@heddle/catalog";
import type { Json, MediaType, ModelRef, PortType, Value } from "@heddle/core";

/** What a runner is asked to do. */
export interface BenchRequest {
  readonly op: string;
  readonly version: number;
  readonly model: ModelRef | undefined;
  readonly params: Record<string, Json>;
  readonly inputs: Record<string, Value>;
}

/** One value of a medium, for every port that wants such. */
export type Samples = Partial<Record<MediaType, Value>>;

/** Parameters that make the work short, or make it happen at all; the others are the node type's own. */
const params: Readonly<Record<string, Record<string, Json>>> = {
  "text-to-image": { steps: 4 },
  "image-to-image": { steps: 4 },
  inpaint: { steps: 4 },
  "overlay-text": { text: "Heddle", backdrop: "shadow" },
  "train-lora": { steps: 20, sampleEvery: 10 },
};

/** What takes so long that it has its turn only among the large ones. */
const rare = ["train-lora"];

/** Models that are asked to work on a large picture as well. Ops without one are, all of them. */
const takesLarge = ["upscale"];

/** Pictures where a port takes several; no op asks for more. */
const listLength = 4;

/** The ops of which each has its turn, on small pictures and on large ones; of the large, those that take most first. */
export function turnsOf(ops: readonly string[]): { small: string[]; large: string[] } {
  const most = [...rare, ...takesLarge];
  const pictures = ops.filter((op) => nodeOf(op)?.model === undefined);
  return {
    small: ops.filter((op) => !rare.includes(op)),
    large: [...most.filter((op) => ops.includes(op)), ...pictures],
  };
}

/** Everything wired that can be; null where a port has to be and there is no sample for it. */
export function requestFor(op: string, samples: Samples): BenchRequest | null {
  const found = nodeOf(op);
  if (found === undefined) return null;
  const { node, model } = found;
  const inputs: Record<string, Value> = {};
  const usual: Record<string, Json> = {};
  for (const field of node.fields) {
    if (field.kind === "param" && field.default !== undefined) usual[field.name] = field.default;
    if (field.kind === "param") continue;
    const value = field.type.media === "any" ? samples.image : samples[field.type.media];
    if (value !== undefined) inputs[field.name] = wire(field.type, value);
    else if (field.required) return null;
  }
  return { op, version: node.version, model, params: { ...usual, ...params[op] }, inputs };
}

function nodeOf(op: string) {
  for (const node of catalog.values()) {
    if (node.work.kind === "op" && node.work.op === op) return { node, model: node.work.model };
  }
  return undefined;
}

function wire({ list }: PortType, value: Value): Value {
  if (!list || value.media === "list") return value;
  const length = value.media === "image" ? listLength : 1;
  return { media: "list", of: value.media, items: Array.from({ length }, () => value) };
}
