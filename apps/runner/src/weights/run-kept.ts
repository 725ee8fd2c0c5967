import { assert } from "@heddle/core";
import type { Tensor } from "onnxruntime-node";
import type { AcquireOptions, Kept } from "./kept.ts";
import type { Network } from "./network-thread.ts";

/** Runs a network whose only output is floats. Loads it first where it is not loaded, and holds it only meanwhile. */
export async function runKept(
  network: Kept<Network>,
  feeds: Readonly<Record<string, Tensor>>,
  options?: AcquireOptions,
): Promise<Float32Array> {
  const { value: session, release } = await network.acquire(options);
  try {
    const [output, second] = Object.values(await session.run(feeds));
    const { modelId, name } = network.label;
    assert(second === undefined, `${modelId}: ${name} has one output`);
    assert(output?.data instanceof Float32Array, `${modelId}: ${name} gives floats`);
    return output.data;
  } finally {
    release();
  }
}
