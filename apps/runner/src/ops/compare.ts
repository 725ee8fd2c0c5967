import { compare } from "@heddle/catalog";
import sharp, { type Sharp } from "sharp";
import { defineOp } from "./define-op.ts";
import { fromPixels, inTurns, toByte, toPixels, type Pixels } from "./picture/pixels.ts";
import { checkPixels, readPicture } from "./picture/read-picture.ts";
import { decoding, savePicture } from "./picture/save-picture.ts";

export const compareOp = defineOp(compare, async (input, context) => {
  const before = await readPicture(context, input.before, "before");
  const after = await readPicture(context, input.after, "after");
  const { width, height } = after;
  const scaled = before.open().resize({ width, height, fit: "fill", kernel: input.kernel });
  const left = await decoding([before], () => toPixels(scaled));
  context.signal.throwIfAborted();
  const hasAlpha = before.hasAlpha || after.hasAlpha;
  if (input.view === "side-by-side") {
    const gap = dividerWidth(width) * 2;
    checkPixels({ width: 2 * width + gap, height }, context.limits, "after");
    const right = await decoding([after], () => toPixels(after.open()));
    return { image: await savePicture(context, sideBySide(left, right, gap), []) };
  }
  const right = await decoding([after], () => toPixels(after.open()));
  if (input.view === "split") {
    split(left, right, Math.round((width * input.position) / 100));
    return { image: await savePicture(context, fromPixels(right, hasAlpha), []) };
  }
  await difference(left, right, { gain: input.gain, signal: context.signal });
  return { image: await savePicture(context, fromPixels(right, false), []) };
});

/** A white line that is seen at any size: two pixels for every 800 of the picture's width, at least two. */
function dividerWidth(width: number): number {
  return 2 * Math.max(1, Math.round(width / 800));
}

/** Both on a white sheet; what is transparent stays white. */
function sideBySide(left: Pixels, right: Pixels, gap: number): Sharp {
  const { width, height } = right;
  const white = { r: 255, g: 255, b: 255 };
  return sharp({
    create: { width: 2 * width + gap, height, channels: 3, background: white },
    limitInputPixels: false,
  }).composite([
    { input: Buffer.from(left.data), raw: { width, height, channels: 4 }, left: 0, top: 0 },
    {
      input: Buffer.from(right.data),
      raw: { width, height, channels: 4 },
      left: width + gap,
      top: 0,
    },
  ]);
}

/** Copies what lies left of `edge` from `left` into `right`, and draws the line; at either end there is no line. */
function split(left: Pixels, right: Pixels, edge: number): void {
  const { width, height } = right;
  const line = edge > 0 && edge < width ? dividerWidth(width) : 0;
  const start = Math.max(0, edge - line / 2);
  const end = Math.min(width, edge + line / 2);
  for (let row = 0; row < height; row += 1) {
    const at = row * width * 4;
    right.data.set(left.data.subarray(at, at + edge * 4), at);
    right.data.fill(255, at + start * 4, at + end * 4);
  }
}

/** |left − right| × gain per colour, opaque, into `right`. */
async function difference(
  left: Pixels,
  right: Pixels,
  { gain, signal }: { readonly gain: number; readonly signal: AbortSignal },
): Promise<void> {
  await inTurns(right.width * right.height, signal, (from, to) => {
    for (let at = from * 4; at < to * 4; at += 1) {
      const apart = Math.abs((left.data[at] ?? 0) - (right.data[at] ?? 0));
      right.data[at] = at % 4 === 3 ? 255 : toByte(apart * gain);
    }
  });
}
