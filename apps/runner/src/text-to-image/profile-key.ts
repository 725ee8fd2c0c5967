import { cpus } from "node:os";
import type { TextToImageModel } from "@heddle/house-models";
import { env } from "onnxruntime-node";
import { laneCount } from "./denoiser.ts";

/** All that the time of a step depends on. */
export function profileKey(model: TextToImageModel, threads: number): string {
  const device = cpus()[0]?.model.trim() ?? "CPU";
  const { sha256 } = model.parts.denoiser;
  return `${model.id} ${sha256}, ${device}, threads ${threads}, lanes ${laneCount}, onnxruntime ${env.versions.node}`;
}
