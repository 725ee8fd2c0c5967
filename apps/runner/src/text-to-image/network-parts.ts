import type { TextToImagePartName } from "@heddle/house-models";
import type { Tensor } from "onnxruntime-node";
import { createWeights, type Weights } from "../weights/create-weights.ts";
import { runKept } from "../weights/run-kept.ts";
import { textToImageNetwork, type TextToImageFiles } from "./text-to-image-network.ts";

export interface NetworkPartsOptions extends TextToImageFiles {
  /** Where the networks are kept; default: by themselves. */
  readonly weights?: Weights | undefined;
}

export interface NetworkParts {
  /** Reads, checks and loads those of the parts that are not loaded; milliseconds that this call waited. */
  load(names: readonly TextToImagePartName[]): Promise<number>;
  /** Runs a part, which is loaded first where it is not; its only output. */
  run(name: TextToImagePartName, feeds: Readonly<Record<string, Tensor>>): Promise<Float32Array>;
  /** Frees the weights once what is being loaded has been; a later run loads them again. */
  close(): Promise<void>;
}

/** Who paints may hold adapters meanwhile. */
const mayHoldOthers = { holdsOthers: true };

/**
 * The networks of a text-to-image model on the CPU, each in use only while it runs. Everybody shares the sessions.
 */
export function createNetworkParts(options: NetworkPartsOptions): NetworkParts {
  const { weights = createWeights() } = options;
  const parts = {
    "text-encoder": textToImageNetwork(weights, options, "text-encoder"),
    denoiser: textToImageNetwork(weights, options, "denoiser"),
    encoder: textToImageNetwork(weights, options, "encoder"),
    decoder: textToImageNetwork(weights, options, "decoder"),
    "lora-gradient": textToImageNetwork(weights, options, "lora-gradient"),
  };
  return {
    async load(names) {
      let waitedMs = 0;
      for (const name of names) {
        const lease = await parts[name].acquire(mayHoldOthers);
        waitedMs += lease.waitedMs;
        lease.release();
      }
      return waitedMs;
    },
    run: (name, feeds) => runKept(parts[name], feeds, mayHoldOthers),
    async close() {
      for (const part of Object.values(parts)) {
        await part.drop();
        for (const file of part.from) await file.drop();
      }
    },
  };
}
