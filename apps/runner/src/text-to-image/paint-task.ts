import { assert, type Value } from "@heddle/core";
import { houseTextToImage, textToImageWeights } from "@heddle/house-models";
import sharp from "sharp";
import type { OpContext } from "../op.ts";
import { savePicture } from "../ops/picture/save-picture.ts";
import type { Painter } from "./create-painter.ts";
import { paint } from "./paint.ts";
import type { PaintingRequest } from "./painting.ts";

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
  const { signal } = context;
  const pixels = await paint(painter, request, { onProgress: reportSteps(context), signal });
  const raw = { width: paintingSide, height: paintingSide, channels: 3 } as const;
  return savePicture(context, sharp(pixels, { raw }), []);
}

/** Steps take the same time each, so what is left can be told. */
function reportSteps(context: OpContext): (done: number, total: number) => void {
  const before = performance.now();
  return (done, total) => {
    const elapsedMs = performance.now() - before;
    context.progress("computing", done, total, (elapsedMs / done) * (total - done));
  };
}
