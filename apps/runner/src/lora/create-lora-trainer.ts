import { assert } from "@heddle/core";
import { Tensor } from "onnxruntime-node";
import { createTextEncoder, encodePicture } from "../text-to-image/encode.ts";
import { createNetworkParts, type NetworkPartsOptions } from "../text-to-image/network-parts.ts";
import type { RgbPixels } from "../text-to-image/painting.ts";
import { textToImageNetwork } from "../text-to-image/text-to-image-network.ts";
import { createWeights } from "../weights/create-weights.ts";
import { adapterLayout, type Factors } from "./adapter.ts";
import type { Example, Gradient, NoisyExample } from "./training.ts";

export interface CaptionedPicture {
  readonly pixels: RgbPixels;
  readonly caption: string;
}

/** The networks that training needs. */
export interface LoraTrainer {
  /** Loads what is not loaded; milliseconds that this call waited. */
  load(signal: AbortSignal): Promise<number>;
  encode(picture: CaptionedPicture): Promise<Example>;
  /** Loss of one example (mean squared error of the velocity), and its gradients by the factors. */
  gradient(example: NoisyExample, factors: Factors): Promise<Gradient>;
  /** Gives up what only training needs; a later call loads it again. */
  rest(): Promise<void>;
  /** Frees all of the weights. */
  close(): Promise<void>;
}

export function createLoraTrainer(options: NetworkPartsOptions): LoraTrainer {
  const { model, weights = createWeights() } = options;
  const parts = createNetworkParts({ ...options, weights });
  const network = textToImageNetwork(weights, options, "lora-gradient");
  const encodeText = createTextEncoder(model, parts);
  return {
    load: async (signal) => {
      const waitedMs = await parts.load(["text-encoder", "encoder"]);
      const lease = await network.acquire({ signal });
      lease.release();
      return waitedMs + lease.waitedMs;
    },
    encode: async ({ pixels, caption }) => ({
      latent: await encodePicture(parts, pixels, model.config.image),
      text: await encodeText(caption),
    }),
    gradient: async (example, factors) => {
      const { value: session, release } = await network.acquire();
      try {
        const { loss, grad_a: a, grad_b: b } = await session.run(feedsOf(example, factors));
        return { loss: floatsOf(loss)[0] ?? Number.NaN, a: floatsOf(a), b: floatsOf(b) };
      } finally {
        release();
      }
    },
    rest: () => network.drop(),
    close: async () => {
      await network.drop();
      await parts.close();
    },
  };
}

/** Of one example; the shapes are those of `training/heddle_models/text_to_image/adapter_gradient.py`. */
function feedsOf(example: NoisyExample, { rank, a, b }: Factors): Record<string, Tensor> {
  const { layers, inputs, outputs, unit } = adapterLayout;
  const { latent, timestep, guidance, text, target } = example;
  const side = 16;
  const picture = [1, latent.length / side ** 2, side, side];
  return {
    latent: new Tensor("float32", latent, picture),
    timestep: new Tensor("float32", Float32Array.of(timestep), [1]),
    guidance: new Tensor("float32", Float32Array.of(guidance), [1]),
    text: new Tensor("float32", text, [1, text.length / unit, unit]),
    target: new Tensor("float32", target, picture),
    lora_a: new Tensor("float32", a, [layers, rank, inputs]),
    lora_b: new Tensor("float32", b, [layers, outputs, rank]),
  };
}

function floatsOf(tensor: Tensor | undefined): Float32Array {
  assert(tensor?.data instanceof Float32Array, "the gradient is floats");
  return tensor.data;
}
