import type { Catalog, NodeType } from "@heddle/core";
import type { Model } from "./define-model.ts";
import { houseImageToVideo } from "./models/house-image-to-video.ts";
import { houseStyles } from "./models/house-styles.ts";
import { houseTextToImage } from "./models/house-text-to-image.ts";
import { houseUpscaler4x } from "./models/house-upscaler-4x.ts";
import { adjust } from "./nodes/adjust.ts";
import { approve } from "./nodes/approve.ts";
import { blend } from "./nodes/blend.ts";
import { blurSharpen } from "./nodes/blur-sharpen.ts";
import { compare } from "./nodes/compare.ts";
import { crop } from "./nodes/crop.ts";
import { grid } from "./nodes/grid.ts";
import { imageToImage } from "./nodes/image-to-image.ts";
import { framesToVideo } from "./nodes/frames-to-video.ts";
import { imageToVideo } from "./nodes/image-to-video.ts";
import { joinVideos } from "./nodes/join-videos.ts";
import { trimVideo } from "./nodes/trim-video.ts";
import { videoToFrames } from "./nodes/video-to-frames.ts";
import { inpaint } from "./nodes/inpaint.ts";
import { inputChoice } from "./nodes/input-choice.ts";
import { inputImage } from "./nodes/input-image.ts";
import { inputImages } from "./nodes/input-images.ts";
import { inputLora } from "./nodes/input-lora.ts";
import { inputNumber } from "./nodes/input-number.ts";
import { inputText } from "./nodes/input-text.ts";
import { inputTexts } from "./nodes/input-texts.ts";
import { inputVideo } from "./nodes/input-video.ts";
import { list } from "./nodes/list.ts";
import { loraStrength } from "./nodes/lora-strength.ts";
import { maskColour } from "./nodes/mask-colour.ts";
import { maskLuminance } from "./nodes/mask-luminance.ts";
import { outputFile } from "./nodes/output-file.ts";
import { outputImage } from "./nodes/output-image.ts";
import { outputText } from "./nodes/output-text.ts";
import { outputVideo } from "./nodes/output-video.ts";
import { overlayText } from "./nodes/overlay-text.ts";
import { pick } from "./nodes/pick.ts";
import { resize } from "./nodes/resize.ts";
import { rotateFlip } from "./nodes/rotate-flip.ts";
import { seed } from "./nodes/seed.ts";
import { styleLora } from "./nodes/style-lora.ts";
import { sweep } from "./nodes/sweep.ts";
import { textJoin } from "./nodes/text-join.ts";
import { textPick } from "./nodes/text-pick.ts";
import { textSplit } from "./nodes/text-split.ts";
import { textTemplate } from "./nodes/text-template.ts";
import { textToImage } from "./nodes/text-to-image.ts";
import { trainLora } from "./nodes/train-lora.ts";
import { upscale } from "./nodes/upscale.ts";

/** Every node type, in the order of the palette: what is reached for first stands first in its group. */
const nodeTypes: readonly NodeType[] = [
  textToImage,
  imageToImage,
  inpaint,
  inputImage,
  inputImages,
  upscale,
  resize,
  crop,
  rotateFlip,
  adjust,
  blurSharpen,
  overlayText,
  blend,
  maskLuminance,
  maskColour,
  grid,
  compare,
  imageToVideo,
  framesToVideo,
  videoToFrames,
  trimVideo,
  joinVideos,
  inputVideo,
  inputText,
  inputTexts,
  inputChoice,
  textTemplate,
  textJoin,
  textSplit,
  textPick,
  inputNumber,
  seed,
  styleLora,
  inputLora,
  trainLora,
  loraStrength,
  list,
  pick,
  approve,
  sweep,
  outputImage,
  outputVideo,
  outputText,
  outputFile,
];

/** Every model that a node type needs. */
const allModels: readonly Model[] = [
  houseTextToImage,
  houseStyles,
  houseUpscaler4x,
  houseImageToVideo,
];

export const models: ReadonlyMap<string, Model> = new Map(
  allModels.map((model) => [model.id, model]),
);

export const catalog: Catalog = new Map(nodeTypes.map((nodeType) => [nodeType.type, nodeType]));
