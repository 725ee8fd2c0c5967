import {
  houseTextToImage,
  imageToVideoPartFile,
  imageToVideoWeights,
  type ImageToVideoModel,
  type ImageToVideoPartName,
} from "@heddle/house-models";
import { Tensor } from "onnxruntime-node";
import { Batcher } from "../engine/batcher.ts";
import { restoreFlow, saveFlow, stepsOf } from "../engine/flow-state.ts";
import type { Stepper } from "../engine/stepper.ts";
import { toPlanar, toInterleaved } from "../text-to-image/encode.ts";
import { createNetworkParts, type NetworkParts } from "../text-to-image/network-parts.ts";
import { noise } from "../text-to-image/noise.ts";
import type { RgbPixels } from "../text-to-image/painting.ts";
import { schedule } from "../text-to-image/schedule.ts";
import { createWeights, type Weights } from "../weights/create-weights.ts";
import type { Kept } from "../weights/kept.ts";
import type { Network } from "../weights/network-thread.ts";
import { runKept } from "../weights/run-kept.ts";
import { cpuSessionOptions } from "../weights/session-options.ts";
import { advanceFilm, type Film, type FilmRequest } from "./film.ts";

/** Makes films: `prepare` moves the picture, `finish` decodes the frames, the first of which is the picture itself. */
export interface Filmer extends Stepper<FilmRequest, Film, RgbPixels[]> {
  /** Where films that are asked for at the same time take turns: a step is one clip, which fills the cores. */
  readonly batcher: Batcher<FilmRequest, Film, RgbPixels[]>;
  /** Loads what is not loaded; milliseconds that this call waited. */
  load(): Promise<number>;
  /** Frees the weights; a later call loads them again. */
  close(): Promise<void>;
}

export interface FilmerOptions {
  readonly model: ImageToVideoModel;
  /** The folder of `@heddle/house-models`. */
  readonly directory: string;
  /** CPU threads for one run of a network. */
  readonly threads: number;
  /** Where the networks are kept; default: by themselves. */
  readonly weights?: Weights | undefined;
}

export function createFilmer(options: FilmerOptions): Filmer {
  const { weights = createWeights() } = options;
  const networks = {
    mover: filmNetwork(options, weights, "mover"),
    denoiser: filmNetwork(options, weights, "denoiser"),
    painting: createNetworkParts({ ...options, model: houseTextToImage, weights }),
  };
  const { mover, denoiser, painting } = networks;
  const stepper = createFilmStepper(options.model, networks);
  return {
    ...stepper,
    batcher: new Batcher({ stepper, cap: () => 1 }),
    load: async () => {
      let waitedMs = await painting.load(["decoder"]);
      for (const network of [mover, denoiser]) {
        const lease = await network.acquire();
        waitedMs += lease.waitedMs;
        lease.release();
      }
      return waitedMs;
    },
    close: async () => {
      for (const network of [mover, denoiser]) await network.drop();
      await painting.close();
    },
  };
}

interface FilmNetworks {
  readonly mover: Kept<Network>;
  readonly denoiser: Kept<Network>;
  readonly painting: NetworkParts;
}

function createFilmStepper(
  { config, sampler }: ImageToVideoModel,
  { mover, denoiser, painting }: FilmNetworks,
): Stepper<FilmRequest, Film, RgbPixels[]> {
  const { image: side, frames, latentChannels } = config;
  const shape = [1, frames, latentChannels, side / 8, side / 8];
  const size = shape.reduce((product, length) => product * length, 1);
  return {
    prepare: async (request) => {
      const picture = new Tensor("float32", toPlanar(request.pixels), [1, 3, side, side]);
      const guide = await runKept(mover, { picture, motion: motionOf(request) });
      const times = schedule({ steps: request.steps, strength: 1, shift: sampler.shift });
      return { request, guide, times, latent: noise(request.seed, size), stepsDone: 0 };
    },
    step: async (films) => {
      for (const film of films) {
        const velocity = await runKept(denoiser, {
          latent: new Tensor("float32", film.latent, shape),
          timestep: new Tensor("float32", [film.times[film.stepsDone] ?? 0], [1]),
          guide: new Tensor("float32", film.guide, shape),
          motion: motionOf(film.request),
        });
        advanceFilm(film, velocity);
      }
    },
    finish: async ({ request, latent }) => {
      const frameSize = size / frames;
      const made: RgbPixels[] = [request.pixels];
      for (let frame = 1; frame < frames; frame += 1) {
        const cells = latent.subarray(frame * frameSize, (frame + 1) * frameSize);
        const feeds = { latent: new Tensor("float32", cells, [1, ...shape.slice(2)]) };
        made.push(toInterleaved(await painting.run("decoder", feeds)));
      }
      return made;
    },
    stepsDone: ({ stepsDone }) => stepsDone,
    stepsOf,
    save: saveFlow,
    restore: restoreFlow,
  };
}

function motionOf({ motion }: FilmRequest): Tensor {
  return new Tensor("int64", BigInt64Array.of(BigInt(motion)), [1]);
}

/** Of a session with the memory of one clip; measured. */
const sessionBytes = { mover: 60_000_000, denoiser: 160_000_000 };

function filmNetwork(
  { model, directory, threads }: FilmerOptions,
  weights: Weights,
  name: ImageToVideoPartName,
): Kept<Network> {
  const part = model.parts[name];
  return weights.network({
    model: { id: model.id, sha256: imageToVideoWeights(model).sha256 },
    title: "image-to-video",
    file: { ...part, path: imageToVideoPartFile(directory, part) },
    options: cpuSessionOptions(threads),
    thread: name === "denoiser" ? "steps" : "ends",
    sessionBytes: sessionBytes[name],
  });
}
