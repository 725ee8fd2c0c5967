import type { TextToImageModel } from "@heddle/house-models";
import { Tensor } from "onnxruntime-node";

export interface Shapes {
  /** of a picture, pixels */
  readonly side: number;
  /** of one row */
  readonly latent: readonly number[];
  readonly latentSize: number;
  readonly text: readonly number[];
}

export function shapesOf({ config }: TextToImageModel): Shapes {
  const { image, latent_channels: channels, text_tokens: tokens, width } = config;
  const cells = image / 8;
  return {
    side: image,
    latent: [channels, cells, cells],
    latentSize: channels * cells * cells,
    text: [tokens, width],
  };
}

/** One tensor of rows of one shape. */
export function stack(rows: readonly Float32Array[], shape: readonly number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  const data = new Float32Array(rows.length * size);
  for (const [row, values] of rows.entries()) data.set(values, row * size);
  return new Tensor("float32", data, [rows.length, ...shape]);
}
