import { videoToFrames } from "@heddle/catalog";
import type { Value } from "@heddle/core";
import sharp from "sharp";
import { OpError } from "../op.ts";
import { readFilm } from "../video/read-film.ts";
import { defineOp } from "./define-op.ts";
import { savePicture } from "./picture/save-picture.ts";

export const videoToFramesOp = defineOp(videoToFrames, async (input, context) => {
  const { every, startSeconds, most } = input;
  const film = await readFilm(context, input.video, "video");
  const { width, height, framesPerSecond } = film;
  const raw = { width, height, channels: 3 } as const;
  const items: (Value & { media: "image" })[] = [];
  let number = 0;
  for await (const { pixels, timeMs } of film.frames) {
    const beginsMs = timeMs < 0 ? (number * 1000) / framesPerSecond : timeMs;
    // Times are rounded to the clock of the file.
    if (beginsMs < startSeconds * 1000 - 1) continue;
    if (number % every === 0) {
      const saved = await savePicture(context, sharp(pixels, { raw }), []);
      if (saved.media === "image") items.push(saved);
      context.progress("computing", items.length, most);
    }
    number += 1;
    if (items.length === most) break;
  }
  if (items.length === 0)
    throw new OpError(
      "video_empty",
      startSeconds > 0
        ? `This film is over before ${startSeconds} s. Lower From.`
        : "This film has no frame that can be read.",
      "video",
    );
  return {
    frames: { media: "list", of: "image", items },
    framesPerSecond: { media: "number", number: Number((framesPerSecond / every).toFixed(3)) },
  };
});
