import { join } from "node:path";
import type { Figure } from "../figure.ts";
import { side, type HeldOutClip } from "./held-out.ts";
import { openProbe, toPlanar } from "./probe.ts";

/** Encodes and decodes renders that no network saw: what every painting loses at least. */
export async function measureAutoencoder(
  houseModels: string,
  clips: readonly HeldOutClip[],
): Promise<Figure> {
  const folder = join(houseModels, "weights", "text-to-image");
  const encoder = await openProbe(join(folder, "encoder.onnx"), [3, side, side]);
  const decoder = await openProbe(join(folder, "decoder.onnx"), [16, side / 8, side / 8]);
  const pictures = clips.map(({ picture }) => toPlanar(picture));
  const latents = (await encoder.read(pictures))["latent"] ?? [];
  const decoded = (await decoder.read(latents))["picture"] ?? [];
  await encoder.close();
  await decoder.close();
  const total = pictures.reduce((sum, picture, at) => sum + psnr(picture, decoded[at]), 0);
  return { name: "models.autoencoder_psnr_db", value: total / pictures.length, unit: "dB" };
}

/** Of planar floats in 0–1, in dB; 100 at the most. */
export function psnr(wanted: Float32Array, found: Float32Array | undefined): number {
  let sum = 0;
  for (const [at, value] of wanted.entries()) sum += (value - (found?.[at] ?? 0)) ** 2;
  return Math.min(100, -10 * Math.log10(sum / wanted.length));
}
