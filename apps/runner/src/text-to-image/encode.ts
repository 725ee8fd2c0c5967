import { createTokenizer, type TextToImageModel } from "@heddle/house-models";
import { Tensor } from "onnxruntime-node";
import type { NetworkParts } from "./network-parts.ts";
import type { RgbPixels } from "./painting.ts";
import { RecentValues } from "./recent-values.ts";

/** Prompts whose encoding is kept; 32 KB each. */
const keptTexts = 256;

/** Encodes prompts as tokens × width floats, which nobody writes; the last ones are kept, by their tokens. */
export function createTextEncoder({ tokenizer }: TextToImageModel, parts: NetworkParts) {
  const tokenize = createTokenizer(tokenizer);
  const known = new RecentValues<Float32Array>(keptTexts);
  return async (prompt: string): Promise<Float32Array> => {
    const ids = tokenize(prompt);
    const key = ids.join(" ");
    const found = known.get(key);
    if (found !== undefined) return found;
    const data = BigInt64Array.from(ids, BigInt);
    const text = await parts.run("text-encoder", {
      ids: new Tensor("int64", data, [1, ids.length]),
    });
    known.set(key, text);
    return text;
  };
}

/** The latent of a picture of side × side pixels: channels × cells floats. */
export function encodePicture(
  parts: NetworkParts,
  pixels: RgbPixels,
  side: number,
): Promise<Float32Array> {
  const picture = new Tensor("float32", toPlanar(pixels), [1, 3, side, side]);
  return parts.run("encoder", { picture });
}

/** To planar floats in 0–1, as networks take pictures. */
export function toPlanar(pixels: RgbPixels): Float32Array {
  const plane = pixels.length / 3;
  const planar = new Float32Array(pixels.length);
  for (let at = 0; at < planar.length; at += 1) {
    planar[at] = (pixels[(at % plane) * 3 + Math.floor(at / plane)] ?? 0) / 255;
  }
  return planar;
}

/** From planar floats in 0–1. */
export function toInterleaved(planar: Float32Array): RgbPixels {
  const plane = planar.length / 3;
  return Uint8Array.from({ length: planar.length }, (_, at) =>
    Math.round((planar[(at % 3) * plane + Math.floor(at / 3)] ?? 0) * 255),
  );
}
