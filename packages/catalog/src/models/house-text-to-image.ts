import { defineModel } from "../define-model.ts";

/** The four networks of `packages/house-models/weights/text-to-image`; a test of the runner holds hash and size equal. */
export const houseTextToImage = defineModel({
  id: "house-text-to-image",
  title: "House text-to-image",
  makes: "image",
  source: "house",
  help: "A small network, trained by this project on drawn scenes, that paints 128 × 128 pixels from words: landscapes with one or two objects in six styles.",
  licence: "Apache-2.0",
  sha256: "b7d841c9f0d89ad9a9f1d68e8850d73efac3cde0d22d379338f9f950006b1545",
  sizeBytes: 23_098_231,
});
