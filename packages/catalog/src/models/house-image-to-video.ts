import { defineModel } from "../define-model.ts";

/** The two networks of `packages/house-models/weights/image-to-video`; a test of the runner holds hash and size equal. */
export const houseImageToVideo = defineModel({
  id: "house-image-to-video",
  title: "House image-to-video",
  makes: "video",
  source: "house",
  help: "A small network, trained by this project on drawn scenes that move, that continues a picture for two seconds at 128 × 128 pixels.",
  licence: "Apache-2.0",
  sha256: "acd3563ef5ffbef6e3b79efa890055b98478c964606e56843f11aa4cd17950af",
  sizeBytes: 10_583_927,
});
