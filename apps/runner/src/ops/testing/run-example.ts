import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { catalog } from "@heddle/catalog";
import {
  assert,
  collectItems,
  compile,
  defaultLimits,
  expandItems,
  parseDocument,
  resolveInputs,
  type PlanStep,
  type Value,
} from "@heddle/core";
import type { BlobStore } from "@heddle/infra";
import type { Op } from "../../op.ts";
import { quietContext } from "./quiet-context.ts";

type Values = Readonly<Record<string, Value>>;

export interface ExampleTools {
  readonly blobs: BlobStore;
  readonly ops: ReadonlyMap<string, Op>;
}

const examples = new URL("../../../../../examples/", import.meta.url);

/** Runs one of the examples as it is, step by step, with the functions that the engine uses; gives its outputs by name. */
export async function runExample(
  slug: string,
  tools: ExampleTools,
  inputs: Values = {},
): Promise<Record<string, Value>> {
  const file = fileURLToPath(new URL(`${slug}.heddle.json`, examples));
  const parsed = parseDocument(JSON.parse(readFileSync(file, "utf8")));
  assert(parsed.ok, `${slug} is a document`);
  const compiled = compile(parsed.document, catalog, {
    inputs,
    requireInputs: true,
    randomSeed: () => 1,
  });
  assert(compiled.ok, `${slug} compiles`);
  const done = new Map<string, Values>();
  for (const step of compiled.plan.steps) {
    const wired = resolveInputs(step, (id, port) => done.get(id)?.[port]);
    done.set(step.id, await runStep(step, wired, tools));
  }
  return Object.fromEntries(
    compiled.plan.outputs.map(({ name, step, port }) => {
      const value = done.get(step)?.[port];
      assert(value !== undefined, `${slug} gives ${name}`);
      return [name, value];
    }),
  );
}

export function readPictureFile(name: string): Uint8Array {
  return readFileSync(fileURLToPath(new URL(`pictures/${name}`, examples)));
}

async function runStep(step: PlanStep, wired: Values, tools: ExampleTools): Promise<Values> {
  if (step.mapped.length === 0) return runOnce(step, wired, tools);
  const expanded = expandItems(step, wired, defaultLimits);
  assert(expanded.ok, `${step.id} has lists of one length`);
  const made: Values[] = [];
  for (const item of expanded.items) made.push(await runOnce(step, item, tools));
  return collectItems(step.outputs, made);
}

async function runOnce(
  step: PlanStep,
  inputs: Values,
  { blobs, ops }: ExampleTools,
): Promise<Values> {
  const work = catalog.get(step.type)?.work;
  if (work?.kind === "evaluate") {
    const result = work.evaluate(step.params, inputs);
    assert(result.ok, `${step.id} works`);
    return result.outputs;
  }
  const op = ops.get(step.op ?? "");
  assert(op !== undefined, `there is an op ${step.op}`);
  return op.run({
    ...quietContext(blobs),
    params: step.params,
    inputs,
    version: step.version,
    ...(step.model !== undefined && { model: step.model }),
  });
}
