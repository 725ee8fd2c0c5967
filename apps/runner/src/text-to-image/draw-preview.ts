import type { TextToImageModel } from "@heddle/house-models";
import sharp from "sharp";
import { guessOf, type Painting } from "./painting.ts";

/**
 * What a painting will be, roughly, as a data URL: one pixel for each cell of the latent, whose colour is a linear function
 * of its channels. A few hundred characters.
 */
export async function drawPreview(painting: Painting, model: TextToImageModel): Promise<string> {
  const side = model.config.image / 8;
  const pixels = previewPixels(guessOf(painting), model);
  const raw = { width: side, height: side, channels: 3 } as const;
  const png = await sharp(pixels, { raw }).png({ compressionLevel: 9 }).toBuffer();
  return `data:image/png;base64,${png.toString("base64")}`;
}

/** Interleaved bytes, a pixel a cell. */
export function previewPixels(
  latent: Float32Array,
  { preview: { weights, bias } }: Pick<TextToImageModel, "preview">,
): Uint8Array {
  const cells = latent.length / (weights[0]?.length ?? 1);
  const values = new Float64Array(cells * 3);
  for (const [colour, row] of weights.entries()) {
    for (let cell = 0; cell < cells; cell += 1) values[cell * 3 + colour] = bias[colour] ?? 0;
    for (const [channel, weight] of row.entries()) {
      for (let cell = 0; cell < cells; cell += 1) {
        const at = cell * 3 + colour;
        values[at] = (values[at] ?? 0) + weight * (latent[channel * cells + cell] ?? 0);
      }
    }
  }
  return Uint8Array.from(values, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
}
