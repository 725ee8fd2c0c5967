import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { assert } from "@heddle/core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { noise } from "./text-to-image/noise.ts";

const packageFile = createRequire(import.meta.url).resolve("@heddle/house-models/package.json");
const houseModels = dirname(packageFile);

const values = z.array(z.union([z.number(), z.array(z.number())]));
const inputSchema = z.union([
  z.object({ values }),
  z.object({
    shape: z.array(z.int()),
    seed: z.int(),
    scale: z.number(),
    shift: z.number(),
  }),
]);
type Input = z.infer<typeof inputSchema>;

const outputSchema = z.object({
  shape: z.array(z.int()),
  /** `values` are every so-many-th of the output. */
  every: z.int(),
  norm: z.number(),
  values: z.array(z.number()),
});

const { cases } = z
  .object({
    cases: z.array(
      z.object({
        name: z.string(),
        file: z.string(),
        inputs: z.record(z.string(), inputSchema),
        outputs: z.record(z.string(), outputSchema),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(join(houseModels, "evaluation", "parity.json"), "utf8")));

const wholeNumbers = new Set(["ids", "lora_index", "motion"]);

function tensorOf(name: string, input: Input): Tensor {
  if ("values" in input) {
    const [first] = input.values;
    const shape = Array.isArray(first)
      ? [input.values.length, first.length]
      : [input.values.length];
    const flat = input.values.flat();
    return wholeNumbers.has(name)
      ? new Tensor("int64", BigInt64Array.from(flat, BigInt), shape)
      : new Tensor("float32", Float32Array.from(flat), shape);
  }
  const { shape, seed, scale, shift } = input;
  const count = shape.reduce((product, length) => product * length, 1);
  const data = noise(seed, count).map((value) => Math.fround(value * scale) + shift);
  return new Tensor("float32", data, shape);
}

/** Norm of the difference over norm of what was wanted. */
function relativeError(found: readonly number[], wanted: readonly number[]): number {
  return normOf(wanted.map((value, at) => value - (found[at] ?? 0))) / normOf(wanted);
}

function normOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value ** 2;
  return Math.sqrt(sum);
}

describe("an exported network computes what PyTorch computes, to 1e-3", () => {
  it.each(cases)("$name", async ({ file, inputs, outputs }) => {
    const session = await InferenceSession.create(join(houseModels, "weights", file), {
      logSeverityLevel: 3,
    });
    const feeds = Object.fromEntries(
      Object.entries(inputs).map(([name, input]) => [name, tensorOf(name, input)]),
    );
    const made = await session.run(feeds);
    for (const [name, wanted] of Object.entries(outputs)) {
      const tensor = made[name];
      assert(tensor?.data instanceof Float32Array, `${name} gives floats`);
      expect(tensor.dims).toEqual(wanted.shape);
      const kept = [...tensor.data].filter((_, at) => at % wanted.every === 0);
      expect(relativeError(kept, wanted.values)).toBeLessThanOrEqual(1e-3);
      expect(normOf(tensor.data) / wanted.norm).toBeCloseTo(1, 3);
    }
    await session.release();
  });

  it("is known of every network that paints, trains or films", () => {
    const covered = new Set(cases.map(({ file }) => file));
    const all = ["text-encoder", "denoiser", "encoder", "decoder", "lora-gradient"].map(
      (part) => `text-to-image/${part}.onnx`,
    );
    all.push("image-to-video/mover.onnx", "image-to-video/denoiser.onnx");
    expect([...covered].toSorted()).toEqual(all.toSorted());
  });
});
