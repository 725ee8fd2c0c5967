import type { Value } from "@heddle/core";
import type { OpContext } from "../../op.ts";
import { blur } from "./blur.ts";
import { fromGrey, inTurns, toByte, type Pixels } from "./pixels.ts";
import type { Picture } from "./read-picture.ts";
import { savePicture } from "./save-picture.ts";

export interface MaskShape {
  /** How well a pixel fits, 0 to 1. Called once per pixel with 0–255 each. */
  readonly fit: (r: number, g: number, b: number) => number;
  /** Standard deviation of the blur of its edge, pixels. */
  readonly feather: number;
  readonly invert: boolean;
}

/** Stores a grey mask of the pixels, which it overwrites: white where they fit. What is transparent is never selected. */
export async function saveMask(
  context: Pick<OpContext, "blobs" | "signal">,
  { picture, pixels }: { readonly picture: Picture; readonly pixels: Pixels },
  { fit, feather, invert }: MaskShape,
): Promise<Value> {
  const { data, width, height } = pixels;
  await inTurns(width * height, context.signal, (from, to) => {
    for (let at = from * 4; at < to * 4; at += 4) {
      const found = fit(data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0);
      const grey = toByte((invert ? 1 - found : found) * (data[at + 3] ?? 0));
      data[at] = grey;
      data[at + 1] = grey;
      data[at + 2] = grey;
      data[at + 3] = 255;
    }
  });
  const soft = await blur(pixels, feather);
  const grey = new Uint8Array(width * height);
  await inTurns(width * height, context.signal, (from, to) => {
    for (let at = from; at < to; at += 1) grey[at] = soft.data[at * 4] ?? 0;
  });
  return savePicture(context, fromGrey(grey, width, height), [picture]);
}

/** 1 up to `edge`, then falling to 0 over `softness`; a hard step when that is 0. */
export function fallOff(distance: number, edge: number, softness: number): number {
  if (distance <= edge) return 1;
  return softness === 0 ? 0 : Math.max(0, 1 - (distance - edge) / softness);
}
