import type { Value } from "@heddle/core";
import { OpError, type OpContext } from "../op.ts";
import { encodeMp4, even, type FrameSequence } from "./encode-mp4.ts";
import { encodeWebp } from "./encode-webp.ts";
import { filmLimits } from "./film-limits.ts";

export interface VideoToSave extends FrameSequence {
  readonly format: "mp4" | "webp";
}

/**
 * Encodes the frames and stores the film, with its size and duration. Throws OpError `video_too_long` for more than a
 * film may have, and `video_empty` for none.
 */
export async function saveVideo(
  { blobs, signal }: Pick<OpContext, "blobs" | "signal">,
  video: VideoToSave,
): Promise<Value> {
  const { framesPerSecond, format } = video;
  const counted = { ...video, ...countFrames(video) };
  const bytes = format === "mp4" ? await encodeMp4(counted) : await encodeWebp(counted);
  signal.throwIfAborted();
  const { sha256, sizeBytes } = await blobs.put(bytes);
  const [width, height] =
    format === "mp4" ? [even(video.width), even(video.height)] : [video.width, video.height];
  const contentType = format === "mp4" ? "video/mp4" : "image/webp";
  const durationMs = Math.round((counted.count() / framesPerSecond) * 1000);
  return {
    media: "video",
    artifact: { sha256, sizeBytes, contentType, width, height, durationMs },
  };
}

function countFrames({ frames, width, height }: FrameSequence) {
  let count = 0;
  async function* counted() {
    for await (const frame of frames) {
      count += 1;
      if (count > filmLimits.frames || count * width * height > filmLimits.pixels)
        throw new OpError(
          "video_too_long",
          `This film is too long: at most ${filmLimits.frames} frames and ${filmLimits.pixels / 1e6} megapixels together are made.`,
        );
      yield frame;
    }
    if (count === 0) throw new OpError("video_empty", "There is no frame left to make a film of.");
  }
  return { frames: counted(), count: () => count };
}
