import { upscale } from "@heddle/catalog";
import { assert } from "@heddle/core";
import { houseUpscaler4x } from "@heddle/house-models";
import sharp, { type Sharp } from "sharp";
import { OpError, type Op, type OpContext } from "../op.ts";
import { reportSteps } from "../report-steps.ts";
import { upscaleFactors, type Upscaler } from "../upscale/create-upscaler.ts";
import type { Picture as Raster } from "../upscale/picture.ts";
import { defineOp } from "./define-op.ts";
import { readPicture, type Picture } from "./picture/read-picture.ts";
import { decoding, savePicture } from "./picture/save-picture.ts";

/** The op `upscale` on one upscaler, which its tasks share. */
export function createUpscaleOp(upscaler: Upscaler): Op {
  return defineOp(upscale, async (input, context) => {
    const { sha256 } = context.model ?? houseUpscaler4x.weights;
    assert(sha256 === houseUpscaler4x.weights.sha256, `this runner has the weights ${sha256}`);
    const factor = upscaleFactors.find((known) => known === input.factor);
    assert(factor !== undefined, `the upscaler knows the factor ${input.factor}`);
    const picture = await readPicture(context, input.image, "image");
    checkWorkingSize(picture, context);
    await load(upscaler, context);
    const raster = await decoding([picture], () => toRaster(picture));
    const onProgress = reportSteps(context);
    const { signal } = context;
    const enlarged = await upscaler.upscale(raster, { factor, onProgress, signal });
    return { image: await savePicture(context, fromRaster(enlarged), []) };
  });
}

/** The network works at four times the size, whatever the factor, so that is what has to fit. */
function checkWorkingSize({ width, height }: Picture, { limits }: OpContext): void {
  const largest = Math.floor(limits.pixels / houseUpscaler4x.scale ** 2);
  if (width * height <= largest) return;
  throw new OpError(
    "image_too_large",
    `A picture of ${width} × ${height} pixels is too large to upscale: at most ${(largest / 1e6).toFixed(1)} megapixels are taken (limit pixels). Put a Resize before it.`,
    "image",
  );
}

async function load(upscaler: Upscaler, context: OpContext): Promise<void> {
  context.progress("loading", 0, 0);
  const before = performance.now();
  await upscaler.load();
  context.loaded(performance.now() - before);
  context.signal.throwIfAborted();
}

async function toRaster(picture: Picture): Promise<Raster> {
  const channels = picture.hasAlpha ? 4 : 3;
  const pipeline = picture.hasAlpha ? picture.open().ensureAlpha() : picture.open().removeAlpha();
  const { data, info } = await pipeline
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true });
  return { pixels: data, width: info.width, height: info.height, channels };
}

function fromRaster({ pixels, width, height, channels }: Raster): Sharp {
  return sharp(pixels, { raw: { width, height, channels }, limitInputPixels: false });
}
