import { createHouseFilmer } from "./image-to-video/create-house-filmer.ts";
import { houseModelsDirectory } from "./house-models-directory.ts";
import { createHouseLoraTrainer } from "./lora/create-house-lora-trainer.ts";
import { keepAdapters } from "./lora/keep-adapters.ts";
import type { Op } from "./op.ts";
import { createImageOps } from "./ops/index.ts";
import { createImageToImageOp } from "./ops/image-to-image.ts";
import { createInpaintOp } from "./ops/inpaint.ts";
import { createImageToVideoOp } from "./ops/image-to-video.ts";
import { framesToVideoOp } from "./ops/frames-to-video.ts";
import { joinVideosOp } from "./ops/join-videos.ts";
import { loraStrengthOp } from "./ops/lora-strength.ts";
import { createStyleLoraOp } from "./ops/style-lora.ts";
import { createTextToImageOp } from "./ops/text-to-image.ts";
import { trimVideoOp } from "./ops/trim-video.ts";
import { createTrainLoraOp } from "./ops/train-lora.ts";
import { videoToFramesOp } from "./ops/video-to-frames.ts";
import { createUpscaleOp } from "./ops/upscale.ts";
import { createHousePainter } from "./text-to-image/create-house-painter.ts";
import type { Painter } from "./text-to-image/create-painter.ts";
import { createHouseUpscaler } from "./upscale/create-house-upscaler.ts";
import type { Weights } from "./weights/create-weights.ts";

export interface OpsOptions {
  /** CPU threads for one run of a network; a picture takes half of them. */
  readonly threads: number;
  /** Where all networks are kept. */
  readonly weights: Weights;
  /** What paints; default: the built-in model, one picture at a time. */
  readonly painter?: Painter | undefined;
}

/** Everything that the built-in runner can do. Weights are loaded when the first task needs them. */
export function createOps(options: OpsOptions): Op[] {
  const { threads, weights, painter = createHousePainter(threads, weights) } = options;
  const adapters = keepAdapters(weights);
  return [
    ...createImageOps(threads),
    createTextToImageOp(painter, adapters),
    createImageToImageOp(painter, adapters),
    createInpaintOp(painter, adapters),
    createStyleLoraOp(houseModelsDirectory()),
    loraStrengthOp,
    createTrainLoraOp(createHouseLoraTrainer(threads, weights), painter),
    createImageToVideoOp(createHouseFilmer(threads, weights)),
    framesToVideoOp,
    videoToFramesOp,
    trimVideoOp,
    joinVideosOp,
    createUpscaleOp(createHouseUpscaler(threads, weights)),
  ];
}
