import { defineModel } from "../define-model.ts";

/** The LoRAs of `packages/house-models/weights/adapters`; a test of the runner holds hash and size equal. */
export const houseStyles = defineModel({
  id: "house-styles",
  title: "House styles",
  makes: "lora",
  source: "house",
  help: "Small changes of House text-to-image, trained by this project on drawn scenes in one style each.",
  licence: "Apache-2.0",
  sha256: "7bf05e7313badbf820bcc001ece7669e2a5c71a45947d4e1c1b4316ee689a922",
  sizeBytes: 1_199_776,
});
