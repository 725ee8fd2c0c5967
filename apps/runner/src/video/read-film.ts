import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { ArtifactRef } from "@heddle/core";
import {
  createFilmDecoder,
  FilmUnreadable,
  type DecodedFrame,
  type FilmDecoder,
} from "@heddle/film-decoder";
import { OpError, type OpContext } from "../op.ts";
import { filmLimits } from "./film-limits.ts";
import { openAnimation } from "./open-animation.ts";

export interface Film {
  /** pixels */
  readonly width: number;
  readonly height: number;
  /** As the file says; a usual one where it does not. */
  readonly framesPerSecond: number;
  /** One after the other, decoded as they are asked for, and gone through once. */
  readonly frames: AsyncIterable<DecodedFrame>;
}

/** Of films that do not say theirs. */
const usualFramesPerSecond = 25;

/**
 * Opens a stored film: MP4, MOV, WebM and Matroska with H.264, VP8, VP9 or MPEG-4 part 2, animated WebP and GIF. Throws
 * OpError naming the port, also later, from a frame: `video_unreadable`, `video_codec`, `video_too_large`,
 * `video_too_long`.
 */
export async function readFilm(
  context: Pick<OpContext, "blobs" | "limits" | "signal">,
  artifact: ArtifactRef,
  portId: string,
): Promise<Film> {
  const bytes = await context.blobs.read(artifact.sha256);
  context.signal.throwIfAborted();
  try {
    const film = artifact.contentType.startsWith("image/")
      ? await openAnimation(bytes, context.limits)
      : await (await decoder()).open(bytes, { maxPixels: filmLimits.side ** 2 });
    checkDuration(film.durationMs, portId);
    const { width, height } = film;
    const framesPerSecond = film.framesPerSecond > 0 ? film.framesPerSecond : usualFramesPerSecond;
    return {
      width,
      height,
      framesPerSecond: Math.min(60, framesPerSecond),
      frames: goThrough(film.next, { context, portId }),
    };
  } catch (error) {
    throw inWords(error, portId);
  }
}

let loaded: Promise<FilmDecoder> | undefined;

function decoder(): Promise<FilmDecoder> {
  loaded ??= readFile(
    join(
      dirname(createRequire(import.meta.url).resolve("@heddle/film-decoder/package.json")),
      "film-decoder.wasm",
    ),
  ).then(createFilmDecoder);
  return loaded;
}

interface Reading {
  readonly context: Pick<OpContext, "signal">;
  readonly portId: string;
}

async function* goThrough(
  next: () => DecodedFrame | undefined | Promise<DecodedFrame | undefined>,
  { context, portId }: Reading,
): AsyncGenerator<DecodedFrame> {
  try {
    for (;;) {
      context.signal.throwIfAborted();
      const frame = await next();
      if (frame === undefined) return;
      // What a file says of its duration need not be true.
      checkDuration(frame.timeMs, portId);
      yield frame;
      // Decoding holds the event loop; everybody else has a turn.
      await setImmediate();
    }
  } catch (error) {
    throw inWords(error, portId);
  }
}

function checkDuration(ms: number, portId: string): void {
  if (ms <= filmLimits.seconds * 1000) return;
  const minutes = (value: number) => `${Number((value / 60_000).toFixed(1))} minutes`;
  throw new OpError(
    "video_too_long",
    `This film lasts ${minutes(ms)}; at most ${minutes(filmLimits.seconds * 1000)} are read. Cut it first.`,
    portId,
  );
}

function inWords(error: unknown, portId: string): unknown {
  if (!(error instanceof FilmUnreadable)) return error;
  switch (error.problem) {
    case "unreadable":
      return new OpError(
        "video_unreadable",
        "This film cannot be read: it is damaged, cut short, or no MP4, MOV, WebM or Matroska file.",
        portId,
      );
    case "no_video":
      return new OpError(
        "video_unreadable",
        "There is no picture in this file: it is sound only, or it was cut short.",
        portId,
      );
    case "unknown_codec":
      return new OpError(
        "video_codec",
        `This film is coded as ${error.codec}, which is not read; H.264, VP8, VP9 and MPEG-4 are. Convert it first.`,
        portId,
      );
    case "too_large":
      return new OpError(
        "video_too_large",
        `This film is too large: a frame may have ${filmLimits.side} × ${filmLimits.side} pixels.`,
        portId,
      );
  }
}
