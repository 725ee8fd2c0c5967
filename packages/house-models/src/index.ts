export { createTokenizer, type Tokenizer } from "./create-tokenizer.ts";
export {
  houseImageToVideo,
  imageToVideoPartFile,
  imageToVideoWeights,
  type ImageToVideoModel,
  type ImageToVideoPartName,
} from "./image-to-video-model.ts";
export { houseModelFile } from "./house-model-file.ts";
export {
  houseStyles,
  styleAdapterFile,
  styleAdaptersWeights,
  type StyleAdapter,
} from "./style-adapters.ts";
export {
  houseTextToImage,
  textToImageModelSchema,
  textToImagePartFile,
  textToImageWeights,
  type TextToImageModel,
  type TextToImagePart,
  type TextToImagePartName,
} from "./text-to-image-model.ts";
export { houseUpscaler4x, upscalerModelSchema, type UpscalerModel } from "./upscaler-model.ts";
