import { availableParallelism } from "node:os";
import sharp from "sharp";
import type { Op } from "../op.ts";
import { adjustOp } from "./adjust.ts";
import { blendOp } from "./blend.ts";
import { blurSharpenOp } from "./blur-sharpen.ts";
import { compareOp } from "./compare.ts";
import { cropOp } from "./crop.ts";
import { gridOp } from "./grid.ts";
import { maskColourOp } from "./mask-colour.ts";
import { maskLuminanceOp } from "./mask-luminance.ts";
import { overlayTextOp } from "./overlay-text.ts";
import { resizeOp } from "./resize.ts";
import { rotateFlipOp } from "./rotate-flip.ts";

/** Decoders of libvips that are left on. SVG is for the letters drawn here; `readPicture` lets no user's file come to it. */
const allowedLoaders = ["Png", "Jpeg", "Webp", "Nsgif", "Heif", "Tiff", "Svg"];

/**
 * Every op on pictures. Sets libvips up for the whole process: decoders that are not needed are blocked, nothing is
 * cached (each picture is read once), and one picture uses at most half of the runner's threads, so that two run side by
 * side.
 */
export function createImageOps(threads = availableParallelism()): Op[] {
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({
    operation: allowedLoaders.map((name) => `VipsForeignLoad${name}`),
  });
  sharp.cache(false);
  sharp.concurrency(Math.max(1, Math.floor(threads / 2)));
  return [
    adjustOp,
    blendOp,
    blurSharpenOp,
    compareOp,
    cropOp,
    gridOp,
    maskColourOp,
    maskLuminanceOp,
    overlayTextOp,
    resizeOp,
    rotateFlipOp,
  ];
}
