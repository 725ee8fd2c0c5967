import { defineModel } from "../define-model.ts";

/** The numbers of `packages/house-models/weights/upscaler-4x/manifest.json`; a test of the runner holds them equal. */
export const houseUpscaler4x = defineModel({
  id: "house-upscaler-4x",
  title: "House upscaler ×4",
  makes: "image",
  source: "house",
  help: "A small network, trained by this project, that draws the detail which a plain enlargement leaves soft.",
  licence: "Apache-2.0",
  sha256: "059248c27fefcb88152a8157b3044f236dac3f717075990a866ced12df3e06c3",
  sizeBytes: 3_622_933,
});
