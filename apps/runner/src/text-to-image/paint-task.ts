import { assert, type Value } from "@heddle/core";
import { houseTextToImage, textToImageWeights } from "@heddle/house-models";
import sharp from "sharp";
import type { OpContext } from "../op.ts";
import { reportSteps } from "../report-steps.ts";
import { savePicture } from "../ops/picture/save-picture.ts";
import type { Painter } from "./create-painter.ts";
import { paint, type PaintOptions } from "./paint.ts";
import type { PaintingRequest } from "./painting.ts";
import { previewPainting } from "./preview-painting.ts";

/** Side of what the built-in model paints, pixels. */
export const paintingSide = houseTextToImage.config.image;

const weights = textToImageWeights(houseTextToImage);

/** Loads what is needed, paints and stores the picture, and says how far it is. */
export async function paintTask(
  painter: Painter,
  request: PaintingRequest,
  context: OpContext,
): Promise<Value> {
  const { sha256 } = context.model ?? weights;
  assert(sha256 === weights.sha256, `this runner has the weights ${weights.sha256}`);
  context.progress("loading", 0, 0);
  context.loaded(await painter.load(request.start.kind));
  context.signal.throwIfAborted();
  const pixels = await paint(painter, request, {
    signal: context.signal,
    priority: context.priority,
    onProgress: reportPainting(context),
    onWait: context.waited,
    resume: await context.checkpoint.read(),
    onAbort: context.checkpoint.write,
  });
  await context.checkpoint.remove();
  const raw = { width: paintingSide, height: paintingSide, channels: 3 } as const;
  return savePicture(context, sharp(pixels, { raw }), []);
}

/** How far it is, and what there is to see so far. */
function reportPainting(context: OpContext): PaintOptions["onProgress"] {
  const report = reportSteps(context);
  const preview = previewPainting(context.preview);
  return (done, total, painting) => {
    report(done, total);
    preview(done, total, painting);
  };
}
