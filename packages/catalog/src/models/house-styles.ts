import { defineModel } from "../define-model.ts";

/** The LoRAs of `packages/house-models/weights/adapters`; a test of the runner holds hash and size equal. */
export const houseStyles = defineModel({
  id: "house-styles",
  title: "House styles",
  makes: "lora",
  source: "house",
  help: "Small changes of House text-to-image, trained by this project on drawn scenes in one style each.",
  licence: "Apache-2.0",
  sha256: "ed8678a1e0ca043e030557c8354d4059d78dcf49fe48bf68a660b2521a100680",
  sizeBytes: 904_840,
});
