import { createHash } from "node:crypto";
import type { trainLora, NodeInput } from "@heddle/catalog";
import { assert, type Value } from "@heddle/core";
import { houseTextToImage, textToImageWeights } from "@heddle/house-models";
import sharp, { type Sharp } from "sharp";
import { OpError, type OpContext } from "../op.ts";
import { reportSteps } from "../report-steps.ts";
import { readPicture } from "../ops/picture/read-picture.ts";
import { savePicture } from "../ops/picture/save-picture.ts";
import type { Painter } from "../text-to-image/create-painter.ts";
import { paintingSide } from "../text-to-image/paint-task.ts";
import { readSquare } from "../text-to-image/read-square.ts";
import type { CaptionedPicture, LoraTrainer } from "./create-lora-trainer.ts";
import type { Factors } from "./adapter.ts";
import { largestFloat16 } from "./float16.ts";
import { mirror } from "./mirror.ts";
import { saveLora } from "./save-lora.ts";
import { train } from "./train.ts";
import { beginTraining, factorsOf, type Example, type TrainingPlan } from "./training.ts";
import { readTrainingState, writeTrainingState, type TrainingState } from "./training-state.ts";
import { writeAdapter } from "./write-adapter.ts";

type Input = NodeInput<typeof trainLora>;

/** What samples need of a painter. */
export type SamplePainter = Pick<Painter, "load" | "batcher">;

export interface TrainingTools {
  readonly trainer: LoraTrainer;
  readonly painter: SamplePainter;
}

const weights = textToImageWeights(houseTextToImage);

/** Steps after which the state is kept: a crash costs so many at most. */
const stepsPerCheckpoint = 10;

/**
 * Learns a LoRA from pictures, goes on where an earlier attempt was, and gives the file and the samples that were
 * painted on the way. The result is the same, bit for bit, however often it was interrupted.
 */
export async function trainTask(
  tools: TrainingTools,
  input: Input,
  context: OpContext,
): Promise<Record<string, Value>> {
  const { sha256 } = context.model ?? weights;
  assert(sha256 === weights.sha256, `this runner has the weights ${weights.sha256}`);
  const { trainer } = tools;
  const pictures = await readPictures(input, context);
  context.progress("loading", 0, 0);
  context.loaded(await trainer.load(context.signal));
  const examples: Example[] = [];
  for (const picture of pictures)
    examples.push(await trainer.encode(picture), await trainer.encode(mirror(picture)));
  const { steps, rank, rate, seed } = input;
  const plan = { examples, steps, rank, rate, seed };
  const state = await resumeOrBegin(plan, context);
  try {
    await learn(tools, { plan, state, input }, context);
  } catch (error) {
    // Handed back or cancelled: who comes next goes on from here, not from the last checkpoint.
    if (context.signal.aborted) await keep(state, context);
    throw error;
  } finally {
    await trainer.rest();
  }
  return finish(state, input, context);
}

function captionsOf({ images, captions, caption }: Input): string[] {
  const given = captions ?? [caption];
  if (given.length === 1) return images.map(() => given[0] ?? caption);
  if (given.length === images.length) return given;
  throw new OpError(
    "captions_count",
    `Captions has ${given.length} texts for ${images.length} images. Give one for each, in the same order, or one for all of them.`,
    "captions",
  );
}

async function readPictures(input: Input, context: OpContext): Promise<CaptionedPicture[]> {
  const captions = captionsOf(input);
  const pictures: CaptionedPicture[] = [];
  for (const [index, image] of input.images.entries()) {
    context.signal.throwIfAborted();
    const picture = await readPicture(context, image, "images");
    const pixels = await readSquare(picture, paintingSide);
    pictures.push({ pixels, caption: captions[index] ?? "" });
  }
  return pictures;
}

async function resumeOrBegin(
  plan: TrainingPlan,
  { checkpoint }: OpContext,
): Promise<TrainingState> {
  const kept = await checkpoint.read();
  const state = kept === null ? null : readTrainingState(kept, plan.rank);
  return state ?? { training: beginTraining(plan), samples: [] };
}

function keep(state: TrainingState, { checkpoint }: OpContext): Promise<void> {
  // At the beginning there is nothing to lose.
  return state.training.stepsDone === 0
    ? Promise.resolve()
    : checkpoint.write(writeTrainingState(state));
}

interface Learning {
  readonly plan: TrainingPlan;
  readonly state: TrainingState;
  readonly input: Input;
}

async function learn(
  { trainer, painter }: TrainingTools,
  { plan, state, input }: Learning,
  context: OpContext,
): Promise<void> {
  const { training, samples } = state;
  const report = reportSteps(context);
  context.progress("computing", training.stepsDone, plan.steps);
  const paintWhatIsDue = async () => {
    if (samples.length >= samplesDue(input, training.stepsDone)) return false;
    samples.push(await paintSample(painter, { plan, state, input }, context));
    return true;
  };
  const onStep = async (loss: number) => {
    const { stepsDone } = training;
    if (!Number.isFinite(loss)) throw diverged(stepsDone);
    const hasPainted = await paintWhatIsDue();
    if (stepsDone % stepsPerCheckpoint === 0 || hasPainted) await keep(state, context);
    context.note(`loss ${loss.toFixed(3)}`);
    report(stepsDone, plan.steps);
  };
  // The earlier attempt may have ended between a step and its sample.
  await paintWhatIsDue();
  await train(trainer, { plan, training, signal: context.signal, onStep });
}

/** After so many steps; the last step has one in any case. */
function samplesDue({ sampleEvery, steps }: Input, stepsDone: number): number {
  if (sampleEvery === 0) return 0;
  return stepsDone === steps ? Math.ceil(steps / sampleEvery) : Math.floor(stepsDone / sampleEvery);
}

function diverged(stepsDone: number): OpError {
  const message = `The training fell apart after ${stepsDone} steps: its numbers grew beyond all bounds. Lower the learning rate.`;
  return new OpError("training_diverged", message, "rate");
}

/** What a sample is painted with, besides the prompt. */
const sampleSettings = {
  steps: houseTextToImage.sampler.steps.default,
  guidance: houseTextToImage.sampler.guidance.default,
};

async function paintSample(
  painter: SamplePainter,
  { state, input }: Learning,
  context: OpContext,
): Promise<TrainingState["samples"][number]> {
  const factors = factorsOf(state.training);
  const adapter = { ...factors, sha256: hashOf(factors) };
  const request = {
    ...sampleSettings,
    prompt: input.samplePrompt,
    seed: input.seed,
    start: { kind: "noise" },
    adapters: [{ adapter, scale: 1 }],
  } as const;
  context.loaded(await painter.load("noise"));
  // Below a picture that somebody waits for.
  const pixels = await painter.batcher.run(request, {
    signal: context.signal,
    priority: context.priority - 1,
    onWait: context.waited,
  });
  const raw = { width: paintingSide, height: paintingSide, channels: 3 } as const;
  context.preview(await drawSmall(sharp(pixels, { raw })));
  const saved = await savePicture(context, sharp(pixels, { raw }), []);
  assert(saved.media === "image", "a sample is a picture");
  return saved.artifact;
}

/** A data URL of about 1,000 characters. */
async function drawSmall(picture: Sharp): Promise<string> {
  const small = await picture.resize(40, 40).webp({ quality: 60 }).toBuffer();
  return `data:image/webp;base64,${small.toString("base64")}`;
}

/** Stands in for the hash of a file: other factors, another hash. */
function hashOf({ a, b }: Factors): string {
  return createHash("sha256").update(a).update(b).digest("hex");
}

async function finish(
  { training, samples }: TrainingState,
  { title }: Input,
  context: OpContext,
): Promise<Record<string, Value>> {
  const factors = factorsOf(training);
  if (![factors.a, factors.b].every(fitsFile)) throw diverged(training.stepsDone);
  const lora = await saveLora(context, writeAdapter(factors, { title, dtype: "F16" }));
  await context.checkpoint.remove();
  const items = samples.map((artifact) => ({ media: "image", artifact }) as const);
  return { lora, samples: { media: "list", of: "image", items } };
}

function fitsFile(values: Float32Array): boolean {
  return values.every((value) => Math.abs(value) <= largestFloat16);
}
