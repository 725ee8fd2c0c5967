export { houseModelFile } from "./house-model-file.ts";
export { houseUpscaler4x, upscalerModelSchema, type UpscalerModel } from "./upscaler-model.ts";
