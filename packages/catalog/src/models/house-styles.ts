import { defineModel } from "../define-model.ts";

/** The LoRAs of `packages/house-models/weights/adapters`; a test of the runner holds hash and size equal. */
export const houseStyles = defineModel({
  id: "house-styles",
  title: "House styles",
  makes: "lora",
  source: "house",
  help: "Small changes of House text-to-image, trained by this project on drawn scenes in one style each.",
  licence: "Apache-2.0",
  sha256: "ec0441b06bdf7166b693e1f16fd137da124e11df05dc7a8cc3b2dcc8314f5430",
  sizeBytes: 603_232,
});
