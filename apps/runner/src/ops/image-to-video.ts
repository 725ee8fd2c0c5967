import { imageToVideo } from "@heddle/catalog";
import { assert, type Value } from "@heddle/core";
import { houseImageToVideo, imageToVideoWeights } from "@heddle/house-models";
import sharp from "sharp";
import type { Filmer } from "../image-to-video/create-filmer.ts";
import { stepsOf } from "../engine/flow-state.ts";
import type { Op, OpContext } from "../op.ts";
import { reportSteps } from "../report-steps.ts";
import type { RgbPixels } from "../text-to-image/painting.ts";
import { readSquare } from "../text-to-image/read-square.ts";
import { saveVideo } from "../video/save-video.ts";
import { defineOp } from "./define-op.ts";
import { readPicture } from "./picture/read-picture.ts";
import { savePicture } from "./picture/save-picture.ts";

const { image: side, framesPerSecond } = houseImageToVideo.config;
const weights = imageToVideoWeights(houseImageToVideo);

/** The op `image-to-video` on one filmer, which its tasks share. */
export function createImageToVideoOp(filmer: Filmer): Op {
  return defineOp(imageToVideo, async ({ image, motion, seed, steps, format }, context) => {
    const { sha256 } = context.model ?? weights;
    assert(sha256 === weights.sha256, `this runner has the weights ${weights.sha256}`);
    const number = houseImageToVideo.motions.indexOf(motion);
    assert(number >= 0, `the model knows the motion ${motion}`);
    const pixels = await readSquare(await readPicture(context, image, "image"), side);
    context.progress("loading", 0, 0);
    context.loaded(await filmer.load());
    const report = reportSteps(context);
    const frames = await filmer.batcher.run(
      { pixels, motion: number, seed, steps },
      {
        signal: context.signal,
        priority: context.priority,
        onStep: (film) => report(film.stepsDone, stepsOf(film)),
        onWait: context.waited,
        resume: await context.checkpoint.read(),
        onAbort: context.checkpoint.write,
      },
    );
    await context.checkpoint.remove();
    const size = { width: side, height: side, framesPerSecond };
    return {
      video: await saveVideo(context, { frames, ...size, format }),
      frames: await saveFrames(context, frames),
    };
  });
}

async function saveFrames(context: OpContext, frames: readonly RgbPixels[]): Promise<Value> {
  const raw = { width: side, height: side, channels: 3 } as const;
  const items = [];
  for (const pixels of frames) {
    const saved = await savePicture(context, sharp(pixels, { raw }), []);
    assert(saved.media === "image", "a frame is a picture");
    items.push(saved);
  }
  return { media: "list", of: "image", items };
}
