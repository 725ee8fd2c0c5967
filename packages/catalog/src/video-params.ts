import { z } from "zod";

/** How a film is stored. */
export function videoFormatParam() {
  return z
    .enum(["mp4", "webp"])
    .default("mp4")
    .meta({
      label: "Format",
      help: "MP4 plays everywhere; an animated WebP repeats by itself wherever a picture may stand.",
      options: { mp4: "MP4 (H.264)", webp: "Animated WebP" },
    });
}

export function framesPerSecondParam() {
  return z.number().min(1).max(60).default(8).meta({
    label: "Frames a second",
    widget: "slider",
    step: 1,
    pinned: true,
  });
}
