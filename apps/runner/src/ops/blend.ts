import { blend } from "@heddle/catalog";
import type { ArtifactRef } from "@heddle/core";
import type { Sharp } from "sharp";
import type { OpContext } from "../op.ts";
import { defineOp } from "./define-op.ts";
import { blendFunctions, blendPixel } from "./picture/blend-pixel.ts";
import { fromPixels, inTurns, toByte, toPixels, type Pixels } from "./picture/pixels.ts";
import { readPicture, type Picture } from "./picture/read-picture.ts";
import { decoding, savePicture } from "./picture/save-picture.ts";

export const blendOp = defineOp(blend, async (input, context) => {
  const base = await readPicture(context, input.base, "base");
  const overlay = await readPicture(context, input.overlay, "overlay");
  const upper = await decoding([overlay], () => toPixels(fitOver(overlay, base, input.fit)));
  context.signal.throwIfAborted();
  const mask = input.mask === undefined ? null : await readMask(context, input.mask, upper);
  await fade(upper, { opacity: input.opacity / 100, mask, signal: context.signal });
  const lower = await decoding([base], () => toPixels(base.open()));
  const mix = blendFunctions[input.mode];
  await inTurns(lower.width * lower.height, context.signal, (from, to) => {
    for (let at = from * 4; at < to * 4; at += 4) blendPixel(lower.data, upper.data, { at, mix });
  });
  return { image: await savePicture(context, fromPixels(lower, base.hasAlpha), []) };
});

const clear = { r: 0, g: 0, b: 0, alpha: 0 };

/** The upper picture at exactly the lower one's size. */
function fitOver(
  overlay: Picture,
  base: Picture,
  fit: "cover" | "contain" | "fill" | "none",
): Sharp {
  const { width, height } = base;
  const upper = overlay.open().ensureAlpha();
  if (fit !== "none") return upper.resize({ width, height, fit, background: clear });
  const across = Math.min(width, overlay.width);
  const down = Math.min(height, overlay.height);
  const left = Math.floor((width - across) / 2);
  const top = Math.floor((height - down) / 2);
  return upper
    .extract({
      left: Math.floor((overlay.width - across) / 2),
      top: Math.floor((overlay.height - down) / 2),
      width: across,
      height: down,
    })
    .extend({
      left,
      top,
      right: width - across - left,
      bottom: height - down - top,
      background: clear,
    });
}

async function readMask(
  context: OpContext,
  artifact: ArtifactRef,
  { width, height }: Pixels,
): Promise<Pixels> {
  const mask = await readPicture(context, artifact, "mask");
  return decoding([mask], () => toPixels(mask.open().resize({ width, height, fit: "fill" })));
}

interface Fade {
  /** 0 to 1 */
  readonly opacity: number;
  readonly mask: Pixels | null;
  readonly signal: AbortSignal;
}

/** Multiplies the alpha in place. A mask counts by its luma (BT.709) and its own alpha. */
async function fade(
  { width, height, data }: Pixels,
  { opacity, mask, signal }: Fade,
): Promise<void> {
  if (mask === null && opacity === 1) return;
  await inTurns(width * height, signal, (from, to) => {
    for (let at = from * 4; at < to * 4; at += 4) {
      const weight = mask === null ? opacity : opacity * maskWeight(mask.data, at);
      data[at + 3] = toByte((data[at + 3] ?? 0) * weight);
    }
  });
}

function maskWeight(data: Uint8Array, at: number): number {
  const luma =
    0.2126 * (data[at] ?? 0) + 0.7152 * (data[at + 1] ?? 0) + 0.0722 * (data[at + 2] ?? 0);
  return (luma * (data[at + 3] ?? 0)) / (255 * 255);
}
