import { rotateFlip } from "@heddle/catalog";
import type { Sharp } from "sharp";
import { defineOp } from "./define-op.ts";
import { readColour, toBackground } from "./picture/colour.ts";
import { fromPixels, toPixels } from "./picture/pixels.ts";
import { checkPixels, readPicture } from "./picture/read-picture.ts";
import { decoding, savePicture } from "./picture/save-picture.ts";

const quarterTurns = { none: 0, right: 1, half: 2, left: 3 } as const;

export const rotateFlipOp = defineOp(rotateFlip, async (input, context) => {
  const picture = await readPicture(context, input.image, "image");
  checkPixels(boundsOfTurned(picture, input.angle), context.limits, "angle");
  const background = readColour(input.background);
  const hasAlpha = picture.hasAlpha || (input.angle !== 0 && background.a < 255);
  // sharp orders a pipeline's steps itself, so each step that must follow another starts a pipeline of its own.
  const steps: ((pipeline: Sharp) => Sharp)[] = [];
  const quarters = quarterTurns[input.turn];
  if (quarters !== 0) steps.push((pipeline) => pipeline.rotate(quarters * 90));
  if (input.angle !== 0) {
    steps.push((pipeline) =>
      pipeline.rotate(input.angle, { background: toBackground(background) }),
    );
  }
  if (input.flipHorizontal) steps.push((pipeline) => pipeline.flop());
  if (input.flipVertical) steps.push((pipeline) => pipeline.flip());
  let pipeline = picture.open();
  for (const step of steps) {
    const from = pipeline;
    const pixels = await decoding([picture], () => toPixels(from));
    context.signal.throwIfAborted();
    pipeline = step(fromPixels(pixels, true));
  }
  const upright = hasAlpha ? pipeline : pipeline.removeAlpha();
  return { image: await savePicture(context, upright, [picture]) };
});

/** The picture grows so that its turned corners stay inside; quarter turns change nothing about the area. */
function boundsOfTurned(
  { width, height }: { readonly width: number; readonly height: number },
  angle: number,
): { width: number; height: number } {
  const cos = Math.cos((angle * Math.PI) / 180);
  const sin = Math.abs(Math.sin((angle * Math.PI) / 180));
  return {
    width: Math.ceil(width * cos + height * sin),
    height: Math.ceil(width * sin + height * cos),
  };
}
