import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { assert } from "@heddle/core";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { z } from "zod";

/** Pixels at once that a probe reads; keeps its memory small. */
const rowsAtOnce = 25;

/** A small classifier that saw renders only. */
export interface Probe {
  /** Floats of each output, one row for each input. `rows` are planar floats in 0–1, of the shape of one input. */
  readonly read: (rows: readonly Float32Array[]) => Promise<Record<string, Float32Array[]>>;
  readonly close: () => Promise<void>;
}

/** Opens an ONNX file with one input whose first axis is the batch; `shape` is that of one row. */
export async function openProbe(file: string, shape: readonly number[]): Promise<Probe> {
  const session = await InferenceSession.create(file, { logSeverityLevel: 3 });
  const [input] = session.inputNames;
  assert(input !== undefined, `${file} has an input`);
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    read: async (rows) => {
      const found: Record<string, Float32Array[]> = {};
      for (let first = 0; first < rows.length; first += rowsAtOnce) {
        const part = rows.slice(first, first + rowsAtOnce);
        const data = new Float32Array(part.length * size);
        for (const [at, row] of part.entries()) data.set(row, at * size);
        const made = await session.run({
          [input]: new Tensor("float32", data, [part.length, ...shape]),
        });
        for (const [name, output] of Object.entries(made)) {
          assert(output.data instanceof Float32Array, `${name} gives floats`);
          const width = output.data.length / part.length;
          for (let row = 0; row < part.length; row += 1)
            (found[name] ??= []).push(output.data.slice(row * width, (row + 1) * width));
        }
      }
      return found;
    },
    close: () => session.release(),
  };
}

const namesSchema = z.object({ classes: z.array(z.string()), correctOnRenders: z.number() });

/** The classes of a probe, and the share of renders which it never saw that it reads right. */
export async function readProbeFacts(
  evaluation: string,
  name: string,
): Promise<z.infer<typeof namesSchema>> {
  return namesSchema.parse(JSON.parse(await readFile(join(evaluation, `${name}.json`), "utf8")));
}

/** The place of the largest number. */
export function largestAt(logits: Float32Array | undefined): number {
  let best = 0;
  for (const [at, value] of (logits ?? []).entries()) {
    if (value > (logits?.[best] ?? -Infinity)) best = at;
  }
  return best;
}

/** Interleaved bytes to planar floats in 0–1, as networks take pictures. */
export function toPlanar(pixels: Uint8Array): Float32Array {
  const plane = pixels.length / 3;
  return Float32Array.from(
    { length: pixels.length },
    (_, at) => (pixels[(at % plane) * 3 + Math.floor(at / plane)] ?? 0) / 255,
  );
}
