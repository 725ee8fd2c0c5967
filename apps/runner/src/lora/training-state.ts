import { artifactRefSchema } from "@heddle/core";
import { z } from "zod";
import { createLearnt, type Learnt } from "./adam.ts";
import { adapterLayout } from "./adapter.ts";
import type { Training } from "./training.ts";

/** To be raised whenever what is kept changes, or what follows from it. */
const version = 1;

const factsSchema = z.object({
  version: z.literal(version),
  rank: z.int().min(1).max(64),
  stepsDone: z.int().min(1),
  samples: z.array(artifactRefSchema),
});

/** A training under way, as it is kept for the next attempt. */
export interface TrainingState {
  readonly training: Training;
  /** What it has painted so far. */
  readonly samples: z.infer<typeof artifactRefSchema>[];
}

/** Bytes of a state: how long the facts are (4 bytes, little-endian), the facts as JSON, and all numbers exactly. */
export function writeTrainingState({ training, samples }: TrainingState): Uint8Array {
  const { rank, stepsDone } = training;
  const facts = Buffer.from(JSON.stringify({ version, rank, stepsDone, samples }));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(facts.length);
  return Buffer.concat([length, facts, ...arraysOf(training).map(bytesOf)]);
}

/** Null: this was written by another version, or for another rank; the training begins anew. */
export function readTrainingState(bytes: Uint8Array, rank: number): TrainingState | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.length < 4) return null;
  const end = 4 + file.readUInt32LE(0);
  const facts = factsSchema.safeParse(parseJson(file.subarray(4, end).toString()));
  if (!facts.success || facts.data.rank !== rank) return null;
  const { stepsDone, samples } = facts.data;
  const training = {
    rank,
    a: emptyLearnt("inputs", rank),
    b: emptyLearnt("outputs", rank),
    stepsDone,
  };
  const arrays = arraysOf(training).map(bytesOf);
  const size = arrays.reduce((sum, array) => sum + array.length, 0);
  if (file.length !== end + size) return null;
  let at = end;
  for (const array of arrays) {
    array.set(file.subarray(at, at + array.length));
    at += array.length;
  }
  return { training, samples };
}

function emptyLearnt(side: "inputs" | "outputs", rank: number): Learnt {
  return createLearnt(new Float32Array(adapterLayout.layers * rank * adapterLayout[side]));
}

function arraysOf({ a, b }: Training): Float32Array[] {
  return [a, b].flatMap(({ values, mean, square }) => [values, mean, square]);
}

function bytesOf({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
