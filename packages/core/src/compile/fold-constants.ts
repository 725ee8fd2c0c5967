import type { Json } from "../json.ts";
import type { Limits } from "../limits.ts";
import { artifactRefSchema, type ArtifactRef, type Value } from "../media.ts";
import type { Catalog } from "../node-type.ts";
import type { PlanInput } from "../plan.ts";
import { itemCount } from "../run/expand-items.ts";
import { resolveInputs } from "../run/resolve-inputs.ts";
import type { StepDraft } from "./build-steps.ts";

/** What is known of a step before it runs. */
export interface Known {
  /** Outputs of an `evaluate` step whose inputs are all known; absent: they come at run time. */
  readonly outputs?: Readonly<Record<string, Value>>;
  /** Items of those outputs; known even where the values are too large to keep. */
  readonly lengths?: Readonly<Record<string, number>>;
  /** How often it runs; undefined: known only at run time. 1 unless it is mapped. */
  readonly count: number | undefined;
  /** Largest known picture among what flows in or is held, in megapixels; taken to pass through unchanged. */
  readonly megapixels: number | undefined;
}

/** Computes ahead what is cheap and certain: how many items a mapped step will have, how large its pictures are. */
export function foldConstants(
  steps: readonly StepDraft[],
  catalog: Catalog,
  limits: Limits,
): ReadonlyMap<string, Known> {
  const known = new Map<string, Known>();
  const drafts = new Map(steps.map((step) => [step.id, step]));
  const folding: Folding = { catalog, known, drafts, limits };
  const anyMapped = steps.some(({ mapped }) => mapped.length > 0);
  for (const step of steps) {
    const outputs = anyMapped ? evaluateNow(step, folding) : undefined;
    known.set(step.id, {
      ...(outputs !== undefined && keepSmall(outputs, limits)),
      count: countItems(step, folding),
      megapixels: largestPicture(step, folding),
    });
  }
  return known;
}

interface Folding {
  readonly catalog: Catalog;
  readonly known: ReadonlyMap<string, Known>;
  readonly drafts: ReadonlyMap<string, StepDraft>;
  readonly limits: Limits;
}

type ItemSource = Exclude<PlanInput, { kind: "list" }>;

function evaluateNow(step: StepDraft, folding: Folding): Known["outputs"] {
  const work = folding.catalog.get(step.type)?.work;
  if (work?.kind !== "evaluate" || step.mapped.length > 0) return undefined;
  const ready = sourcesOf(step).every(({ step: id, port }) => outputOf(folding.known, id, port));
  if (!ready) return undefined;
  const inputs = resolveInputs(step, (id, port) => outputOf(folding.known, id, port));
  try {
    const result = work.evaluate(step.params, inputs);
    return result.ok ? result.outputs : undefined;
  } catch {
    // A text beyond the engine's longest string, say. The run will meet it again, and fail that step with its reason.
    return undefined;
  }
}

function keepSmall(
  outputs: Readonly<Record<string, Value>>,
  limits: Limits,
): Pick<Known, "outputs" | "lengths"> {
  const values = Object.entries(outputs);
  const lengths = Object.fromEntries(values.map(([name, value]) => [name, valueLength(value)]));
  const small = values.every(([, value]) => isSmall(value, limits));
  return small ? { outputs, lengths } : { lengths };
}

/** What is worth keeping for a look ahead; with larger values the next step could make very large ones. */
function isSmall(value: Value, limits: Limits): boolean {
  if (value.media !== "list") return textLength(value) <= limits.textLength;
  const characters = value.items.reduce((sum, item) => sum + textLength(item), 0);
  return value.items.length <= limits.fanOut && characters <= limits.textLength;
}

function textLength(value: Value): number {
  return value.media === "text" ? value.text.length : 0;
}

function countItems(step: StepDraft, folding: Folding): number | undefined {
  if (step.mapped.length === 0) return 1;
  const lengths = step.mapped.map((name) => {
    const input = step.inputs[name];
    return input === undefined ? undefined : inputLength(input, folding);
  });
  const all = lengths.filter((length) => length !== undefined);
  return all.length === lengths.length ? itemCount(all) : undefined;
}

function inputLength(input: PlanInput, folding: Folding): number | undefined {
  if (input.kind !== "list") return sourceLength(input, folding);
  let sum = 0;
  for (const item of input.items) {
    const length = sourceLength(item, folding);
    if (length === undefined) return undefined;
    sum += length;
  }
  return sum;
}

/** How many items come from there; a single value counts as one. */
function sourceLength(source: ItemSource, { known, drafts }: Folding): number | undefined {
  if (source.kind === "value") return valueLength(source.value);
  const length = known.get(source.step)?.lengths?.[source.port];
  if (length !== undefined) return length;
  const draft = drafts.get(source.step);
  if (draft?.outputs[source.port]?.list !== true) return 1;
  return draft.mapped.length > 0 ? known.get(source.step)?.count : undefined;
}

function valueLength(value: Value): number {
  return value.media === "list" ? value.items.length : 1;
}

function largestPicture(step: StepDraft, { known }: Folding): number | undefined {
  let largest: number | undefined;
  const take = (size: number | undefined): void => {
    if (size !== undefined && size > (largest ?? 0)) largest = size;
  };
  for (const json of Object.values(step.params)) {
    if (json === null || typeof json !== "object") continue;
    for (const file of filesIn(json)) take(megapixelsOf(file));
  }
  for (const { step: id } of sourcesOf(step)) take(known.get(id)?.megapixels);
  return largest;
}

function filesIn(json: Json): ArtifactRef[] {
  if (Array.isArray(json)) return json.flatMap(filesIn);
  if (json === null || typeof json !== "object" || !("sha256" in json)) return [];
  const file = artifactRefSchema.safeParse(json);
  return file.success ? [file.data] : [];
}

function megapixelsOf({ width, height }: ArtifactRef): number | undefined {
  return width === undefined || height === undefined ? undefined : (width * height) / 1e6;
}

function sourcesOf(step: StepDraft): Extract<ItemSource, { kind: "step" }>[] {
  const sources: Extract<ItemSource, { kind: "step" }>[] = [];
  for (const input of Object.values(step.inputs)) {
    for (const source of input.kind === "list" ? input.items : [input]) {
      if (source.kind === "step") sources.push(source);
    }
  }
  return sources;
}

function outputOf(
  known: ReadonlyMap<string, Known>,
  stepId: string,
  port: string,
): Value | undefined {
  const outputs = known.get(stepId)?.outputs;
  return outputs !== undefined && Object.hasOwn(outputs, port) ? outputs[port] : undefined;
}
