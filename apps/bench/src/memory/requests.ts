import { catalog } from "@heddle/catalog";
import type { Json, ModelRef, PortType, Value } from "@heddle/core";

/** What a runner is asked to do. */
export interface BenchRequest {
  /** `upscale, 1 megapixel` */
  readonly name: string;
  readonly op: string;
  readonly version: number;
  readonly model: ModelRef | undefined;
  readonly params: Record<string, Json>;
  readonly inputs: Record<string, Value>;
}

export interface Pictures {
  /** 128 × 128 */
  readonly small: Value;
  /** 1024 × 1024 */
  readonly large: Value;
}

/** Parameters that make the work short or make it happen at all; the others are the node type's own. */
const params: Readonly<Record<string, Record<string, Json>>> = {
  "text-to-image": { steps: 4 },
  "image-to-image": { steps: 4 },
  inpaint: { steps: 4 },
  "overlay-text": { text: "Heddle", backdrop: "shadow" },
};

/** Ops that are asked to work on a large picture as well. Image ops are, all of them. */
const alsoLarge = ["upscale"];

/**
 * One request for every op that makes something of words or pictures alone, on a small picture, then those on a large
 * one; and the ops that are left out, since they need something else.
 */
export function requestsFor(
  ops: readonly string[],
  pictures: Pictures,
): { small: BenchRequest[]; large: BenchRequest[]; leftOut: string[] } {
  const small: BenchRequest[] = [];
  const large: BenchRequest[] = [];
  const leftOut: string[] = [];
  for (const op of ops) {
    const first = requestFor(op, pictures.small);
    if (first === null) leftOut.push(op);
    else small.push(first);
    const again = first?.model === undefined || alsoLarge.includes(op);
    const second = again ? requestFor(op, pictures.large) : null;
    if (second !== null) large.push({ ...second, name: `${op}, 1 megapixel` });
  }
  return { small, large, leftOut };
}

function requestFor(op: string, picture: Value): BenchRequest | null {
  const node = [...catalog.values()].find(({ work }) => work.kind === "op" && work.op === op);
  if (node === undefined || node.work.kind !== "op") return null;
  const inputs: Record<string, Value> = {};
  for (const { name, type, kind, required } of node.fields) {
    if (kind !== "port" || !required) continue;
    if (type.media !== "image") return null;
    inputs[name] = wire(type, picture);
  }
  const given = Object.fromEntries(
    node.fields.flatMap(({ kind, name, default: usual }) =>
      kind === "param" && usual !== undefined ? [[name, usual]] : [],
    ),
  );
  const { model } = node.work;
  return {
    name: op,
    op,
    version: node.version,
    model,
    params: { ...given, ...params[op] },
    inputs,
  };
}

function wire(type: PortType, picture: Value): Value {
  if (!type.list || picture.media === "list") return picture;
  return { media: "list", of: picture.media, items: [picture, picture] };
}
