import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { assert, type Json, type Value } from "@heddle/core";
import { createCheckpointStore } from "@heddle/infra";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Batcher } from "../engine/batcher.ts";
import type { Stepper } from "../engine/stepper.ts";
import type { LoraTrainer } from "../lora/create-lora-trainer.ts";
import type { SamplePainter } from "../lora/train-task.ts";
import { readAdapter } from "../lora/read-adapter.ts";
import type { Checkpoint } from "../op.ts";
import { noise } from "../text-to-image/noise.ts";
import type { Painting, PaintingRequest, RgbPixels } from "../text-to-image/painting.ts";
import { useOpBench } from "./testing/op-bench.ts";
import { createTrainLoraOp } from "./train-lora.ts";

/*
 * The op with its real steps, files and checkpoints; only the networks are replaced, by ones that take no time. What the
 * real ones do is tested in lora/create-lora-trainer.test.ts and, from end to end, by the example train-lora.
 */

const captions: string[] = [];
let gradients = 0;
let onGradient: (count: number) => void = () => {};
const trainer: LoraTrainer = {
  load: async () => 5,
  encode: async ({ pixels, caption }) => {
    captions.push(caption);
    return { latent: Float32Array.from(pixels.subarray(0, 64)), text: new Float32Array(1) };
  },
  gradient: async ({ latent, timestep }, { a, b }) => {
    onGradient((gradients += 1));
    const goal = (latent[0] ?? 0) + timestep;
    const slope = (value: number) => value - goal;
    return { loss: timestep, a: a.map(slope), b: b.map(slope) };
  },
  rest: async () => {},
  close: async () => {},
};

/** Its pictures are all of one grey, which the first factor decides: a sample shows what had been learnt. */
const stepper: Stepper<PaintingRequest, Painting, RgbPixels> = {
  prepare: async ({ start, adapters, guidance, prompt, seed }) => {
    const { adapter, scale } = adapters[0] ?? {};
    assert(adapter !== undefined && scale === 1, "a sample is painted with what is learnt");
    const text = noise(seed + prompt.length, 4);
    const latent = adapter.b.slice(0, 1);
    const held = { start, text, guidance, adapters, times: [1, 0], known: null, latent };
    return { ...held, stepsDone: 0, velocity: null };
  },
  step: async (paintings) => {
    for (const painting of paintings) painting.stepsDone += 1;
  },
  finish: async ({ latent }) => new Uint8Array(128 * 128 * 3).fill(Math.abs(latent[0] ?? 0) * 1000),
  stepsDone: ({ stepsDone }) => stepsDone,
  stepsOf: () => 1,
  save: () => new Uint8Array(),
  restore: () => false,
};
const painter: SamplePainter = {
  batcher: new Batcher({ stepper, cap: () => 1 }),
  load: async () => 0,
};

const bench = useOpBench([createTrainLoraOp(trainer, painter)]);
let directory: string;
let pictures: (Value & { media: "image" })[] = [];
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "heddle-train-"));
  const greys = Array.from({ length: 21 }, (_, grey) => grey * 10);
  pictures = await Promise.all(greys.map((grey) => bench.draw(32, 24, () => [grey, 0, 0])));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const settings = { steps: 30, rank: 1, seed: 3, sampleEvery: 10, title: "Mine" };
const someImages = () => ({ images: bench.list(pictures.slice(0, 5)) });

function checkpointAt(key: string): Checkpoint {
  const store = createCheckpointStore(`file:${directory}`);
  return {
    read: () => store.read(key),
    write: (state) => store.write(key, state),
    remove: () => store.remove(key),
  };
}

/** As an attempt of a task, which is aborted once so many examples have been learnt from. */
async function attempt(
  checkpoint: Checkpoint,
  abortAt = Infinity,
  params: Record<string, Json> = {},
) {
  const controller = new AbortController();
  const progress: (number | undefined)[][] = [];
  const previews: string[] = [];
  const notes: string[] = [];
  gradients = 0;
  onGradient = (count) => {
    if (count === abortAt) controller.abort(new Error("handed back"));
  };
  const context = {
    checkpoint,
    signal: controller.signal,
    progress: (_phase: string, ...counts: (number | undefined)[]) => void progress.push(counts),
    preview: (url: string) => void previews.push(url),
    note: (words: string) => void notes.push(words),
  };
  const outputs = await bench
    .runAll("train-lora", { ...settings, ...params }, someImages(), context)
    .catch((error: unknown) => error);
  return { outputs, progress, previews, notes, gradients };
}

describe("train-lora", () => {
  it("gives a LoRA file that can be read, of the rank and title that were asked for", async () => {
    const { lora } = await bench.runAll("train-lora", { ...settings, rank: 3 }, someImages());
    assert(lora?.media === "lora", "a LoRA");
    expect(lora.artifact.contentType).toBe("application/octet-stream");
    expect(readAdapter(await bench.bytesOf(lora), "lora")).toMatchObject({
      rank: 3,
      title: "Mine",
    });
  });

  it.each([
    [30, 10, 3],
    [35, 10, 4],
    [30, 0, 0],
    [20, 50, 1],
  ])(
    "of %i steps with a sample every %i paints %i, each with what was learnt by then",
    async (steps, sampleEvery, count) => {
      const params = { ...settings, steps, sampleEvery };
      const { samples } = await bench.runAll("train-lora", params, someImages());
      assert(samples?.media === "list" && samples.of === "image", "a list of pictures");
      const files = samples.items.map((item) =>
        item.media === "image" ? item.artifact.sha256 : "",
      );
      expect(files).toHaveLength(count);
      expect(new Set(files).size).toBe(count);
    },
  );

  it("says after every step how far it is, how well it fits and how long it takes yet, and shows its samples", async () => {
    const { progress, previews, notes } = await attempt(checkpointAt("progress"));
    expect(previews.map((url) => url.slice(0, 16))).toEqual(Array(3).fill("data:image/webp;"));
    expect(notes).toHaveLength(30);
    for (const words of notes) expect(words).toMatch(/^loss \d+\.\d{3}$/);
    const steps = progress.filter(([, total]) => total === 30);
    expect(steps.map(([done]) => done)).toEqual(Array.from({ length: 31 }, (_, done) => done));
    expect(steps.slice(1).every(([, , leftMs]) => Number.isFinite(leftMs))).toBe(true);
    expect(steps.at(-1)?.[2]).toBe(0);
  });

  it("takes one caption for all, or one for each, from a wire or from the form", async () => {
    const learnt = async (params: Record<string, Json>, inputs: Record<string, Value>) => {
      captions.length = 0;
      await bench.runAll("train-lora", { ...settings, steps: 20, ...params }, inputs);
      return [...captions];
    };
    const images = someImages();
    expect(await learnt({ caption: "a hill" }, images)).toEqual(Array(10).fill("a hill"));
    const own = ["on the left", "b", "c", "d", "e"];
    expect(await learnt({}, { ...images, captions: bench.texts(...own) })).toEqual(
      // Each with its mirror image.
      ["on the left", "on the right", "b", "b", "c", "c", "d", "d", "e", "e"],
    );
    expect(await learnt({}, { ...images, captions: bench.texts("all") })).toEqual(
      Array(10).fill("all"),
    );
  });
});

describe("a training that is interrupted", () => {
  it("goes on where it was, with the same file and samples in the end, bit for bit", async () => {
    const whole = await attempt(checkpointAt("whole"));
    expect(whole.gradients).toBe(30 * 4);
    const checkpoint = checkpointAt("interrupted");
    // In the middle of a step, right after one, before a sample is due, and after it.
    for (const [abortAt, stepsLeft] of [
      [4 * 7 + 2, 23],
      [4 * 2, 22],
      [4 * 2, 21],
      [4 * 9 + 1, 12],
    ] as const) {
      const { outputs, gradients } = await attempt(checkpoint, abortAt);
      expect(outputs).toMatchObject({ message: "handed back" });
      expect(gradients).toBe(abortAt);
      expect(stepsLeft).toBeGreaterThan(0);
    }
    const last = await attempt(checkpoint);
    expect(last.gradients).toBeLessThan(13 * 4);
    expect(last.outputs).toEqual(whole.outputs);
  });

  it("loses no more than ten steps when the process dies without a word", async () => {
    const checkpoint = checkpointAt("crash");
    let written: Uint8Array | null = null;
    // What an abort would still write is not written.
    const write = async (state: Uint8Array) => {
      if (gradients % 40 === 0) written = Uint8Array.from(state);
    };
    await attempt({ ...checkpoint, write }, 4 * 19);
    assert(written !== null, "a checkpoint after ten steps");
    await checkpoint.write(written);
    const { outputs, gradients: more } = await attempt(checkpoint);
    expect(more).toBe(20 * 4);
    expect(outputs).toEqual((await attempt(checkpointAt("whole"))).outputs);
  });

  it("leaves nothing behind once it is done, and begins anew when what was kept is damaged", async () => {
    const checkpoint = checkpointAt("left");
    await attempt(checkpoint, 60);
    expect(await checkpoint.read()).not.toBeNull();
    await attempt(checkpoint);
    expect(await checkpoint.read()).toBeNull();
    await checkpoint.write(Buffer.from("something else"));
    expect((await attempt(checkpoint)).gradients).toBe(30 * 4);
  });
});

describe("a training that cannot be", () => {
  const images = (count: number) => bench.list(pictures.slice(0, count));
  it.each([
    [1, "Images must have at least 4 items."],
    [3, "Images must have at least 4 items."],
    [21, "Images must have at most 20 items."],
  ])("is refused with %i pictures", async (count, message) => {
    const run = bench.runAll("train-lora", settings, { images: images(count) });
    await expect(run).rejects.toMatchObject({ code: "input_invalid", portId: "images", message });
  });

  it("is refused with captions for some of the pictures", async () => {
    const inputs = { images: images(5), captions: bench.texts("a", "b") };
    await expect(bench.runAll("train-lora", settings, inputs)).rejects.toMatchObject({
      code: "captions_count",
      portId: "captions",
      message: expect.stringContaining("2 texts for 5 images"),
    });
  });

  it.each([
    ["steps", 0, "Steps must be at least 20."],
    ["steps", 1e6, "Steps must be at most 1000."],
    ["rank", 0, "Rank must be at least 1."],
    ["rate", Number.NaN, "Learning rate must be a number."],
    ["sampleEvery", 3, "Sample every must be 0 for no samples, or at least 10."],
    ["samplePrompt", " ", "Sample prompt must say in English words what to paint."],
    ["caption", "", "Caption must say in English words what the pictures show."],
  ])("is refused with %s %j", async (portId, value, message) => {
    const run = bench.runAll("train-lora", { ...settings, [portId]: value }, someImages());
    await expect(run).rejects.toMatchObject({ code: "input_invalid", portId, message });
  });

  it("is refused for a picture that cannot be read", async () => {
    const broken = await bench.file(Buffer.from("not a picture"));
    const inputs = { images: bench.list([...pictures.slice(0, 4), broken]) };
    await expect(bench.runAll("train-lora", settings, inputs)).rejects.toMatchObject({
      code: "image_unreadable",
      portId: "images",
    });
  });

  it("ends in words when the numbers grow beyond all bounds", async () => {
    const gradient: LoraTrainer["gradient"] = async (example, factors) => ({
      ...(await trainer.gradient(example, factors)),
      loss: Number.NaN,
    });
    const op = createTrainLoraOp({ ...trainer, gradient }, painter);
    const run = bench.runOp(op, settings, someImages());
    await expect(run).rejects.toMatchObject({ code: "training_diverged", portId: "rate" });
  });
});
