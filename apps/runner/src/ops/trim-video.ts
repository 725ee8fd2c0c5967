import { trimVideo } from "@heddle/catalog";
import { OpError } from "../op.ts";
import { readFilm } from "../video/read-film.ts";
import { saveVideo } from "../video/save-video.ts";
import { steadyFrames } from "../video/steady-frames.ts";
import { defineOp } from "./define-op.ts";

export const trimVideoOp = defineOp(trimVideo, async (input, context) => {
  const { fromSeconds, toSeconds, format } = input;
  if (toSeconds > 0 && toSeconds <= fromSeconds)
    throw new OpError(
      "trim_empty",
      `To (${toSeconds} s) must be later than From (${fromSeconds} s), or 0 for the end.`,
      "toSeconds",
    );
  const film = await readFilm(context, input.video, "video");
  const frames = steadyFrames(film.frames, {
    framesPerSecond: film.framesPerSecond,
    fromMs: fromSeconds * 1000,
    toMs: toSeconds === 0 ? Infinity : toSeconds * 1000,
  });
  return { video: await saveVideo(context, { ...film, frames, format }) };
});
