import { framesToVideo } from "@heddle/catalog";
import type { ArtifactRef } from "@heddle/core";
import { OpError, type OpContext } from "../op.ts";
import { filmLimits as limits } from "../video/film-limits.ts";
import { saveVideo } from "../video/save-video.ts";
import { defineOp } from "./define-op.ts";
import { readPicture, type Picture } from "./picture/read-picture.ts";
import { decoding } from "./picture/save-picture.ts";

export const framesToVideoOp = defineOp(framesToVideo, async (input, context) => {
  const { frames, order, repeats, framesPerSecond, format } = input;
  const [first] = frames;
  if (first === undefined)
    throw new OpError(
      "frames_missing",
      "A film needs one picture at least; the list is empty.",
      "frames",
    );
  const { width, height } = await readPicture(context, first, "frames");
  const played = playOrder(frames.length, order, repeats);
  check({ width, height, count: played.length });
  const readFrame = createFrameReader(context, frames, { width, height });
  async function* inOrder() {
    for (const [done, at] of played.entries()) {
      context.signal.throwIfAborted();
      yield await readFrame(at);
      context.progress("computing", done + 1, played.length);
    }
  }
  const size = { width, height, framesPerSecond };
  return { video: await saveVideo(context, { frames: inOrder(), ...size, format }) };
});

/** Places of the frames as they are played; there and back shows the ends once. */
export function playOrder(count: number, order: string, repeats: number): number[] {
  const forwards = Array.from({ length: count }, (_, at) => at);
  const backwards = forwards.toReversed();
  const once =
    {
      forwards,
      backwards,
      "there-and-back": [...forwards, ...backwards.slice(1, -1)],
    }[order] ?? forwards;
  return Array.from({ length: repeats }, () => once).flat();
}

interface Extent {
  readonly width: number;
  readonly height: number;
}

function check({ width, height, count }: Extent & { readonly count: number }): void {
  if (Math.max(width, height) > limits.side)
    throw new OpError(
      "video_too_large",
      `A film of ${width} × ${height} pixels is too large: at most ${limits.side} a side are taken. Put a Resize before it.`,
      "frames",
    );
  if (count > limits.frames || count * width * height > limits.pixels)
    throw new OpError(
      "video_too_long",
      `A film of ${count} frames of ${width} × ${height} pixels is too long: at most ${limits.frames} frames and ${limits.pixels / 1e6} megapixels together are taken. Give fewer frames, or lower Repeats.`,
      "frames",
    );
}

/** The last frames are kept, since films that go there and back show them again. */
function createFrameReader(
  context: OpContext,
  frames: readonly ArtifactRef[],
  { width, height }: Extent,
): (at: number) => Promise<Uint8Array> {
  const kept = new Map<number, Uint8Array>();
  const room = Math.floor(100_000_000 / (width * height * 3));
  return async (at) => {
    const known = kept.get(at);
    const artifact = frames[at];
    if (known !== undefined || artifact === undefined) return known ?? new Uint8Array();
    const pixels = await readPixels(await readPicture(context, artifact, "frames"), {
      width,
      height,
    });
    if (kept.size < room) kept.set(at, pixels);
    return pixels;
  };
}

function readPixels(picture: Picture, { width, height }: Extent): Promise<Uint8Array> {
  return decoding([picture], () =>
    picture
      .open()
      .flatten({ background: "#ffffff" })
      .resize(width, height, { fit: "cover" })
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer(),
  );
}
