import type { Value } from "@heddle/core";
import type { OpContext } from "../op.ts";
import { encodeMp4, even, type FrameSequence } from "./encode-mp4.ts";
import { encodeWebp } from "./encode-webp.ts";

export interface VideoToSave extends FrameSequence {
  readonly frameCount: number;
  readonly format: "mp4" | "webp";
}

/** Encodes the frames and stores the film, with its size and duration. */
export async function saveVideo(
  { blobs, signal }: Pick<OpContext, "blobs" | "signal">,
  video: VideoToSave,
): Promise<Value> {
  const { frameCount, framesPerSecond, format } = video;
  const bytes = format === "mp4" ? await encodeMp4(video) : await encodeWebp(video);
  signal.throwIfAborted();
  const { sha256, sizeBytes } = await blobs.put(bytes);
  const [width, height] =
    format === "mp4" ? [even(video.width), even(video.height)] : [video.width, video.height];
  const contentType = format === "mp4" ? "video/mp4" : "image/webp";
  const durationMs = Math.round((frameCount / framesPerSecond) * 1000);
  return {
    media: "video",
    artifact: { sha256, sizeBytes, contentType, width, height, durationMs },
  };
}
