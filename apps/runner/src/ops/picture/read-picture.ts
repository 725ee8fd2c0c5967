import type { ArtifactRef, Limits } from "@heddle/core";
import sharp, { type Metadata, type Sharp } from "sharp";
import { OpError, type OpContext } from "../../op.ts";
import { describeOther, pictureFormats, sniffPicture } from "./sniff-picture.ts";

/** A stored picture whose header has been checked; pixels are decoded when a pipeline that starts at `open` ends. */
export interface Picture {
  /** pixels, after its EXIF orientation was applied */
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
  /** The input that it came in by, for messages. */
  readonly portId: string;
  /** A pipeline of its pixels: upright, 8-bit sRGB, first frame only. */
  readonly open: () => Sharp;
}

const megapixel = 1_000_000;

/**
 * Reads a stored picture and checks it before anything is decoded. Throws `OpError` naming the port: `image_unreadable`
 * for what is no picture, `image_too_large` for more pixels than allowed.
 */
export async function readPicture(
  { blobs, limits, signal }: Pick<OpContext, "blobs" | "limits" | "signal">,
  artifact: ArtifactRef,
  portId: string,
): Promise<Picture> {
  const bytes = await blobs.read(artifact.sha256);
  signal.throwIfAborted();
  const metadata = await readHeader(bytes, portId);
  const { width, height } = metadata.autoOrient;
  checkPixels({ width, height }, limits, portId);
  return {
    width,
    height,
    hasAlpha: metadata.hasAlpha,
    portId,
    open: () =>
      sharp(bytes, {
        autoOrient: true,
        failOn: "error",
        limitInputPixels: limits.pixels,
      }).toColourspace("srgb"),
  };
}

async function readHeader(bytes: Uint8Array, portId: string): Promise<Metadata> {
  if (sniffPicture(bytes) === null) {
    throw new OpError(
      "image_unreadable",
      `This file is not a picture that can be read: ${describeOther(bytes)}. PNG, JPEG, WebP, GIF, AVIF and TIFF are taken.`,
      portId,
    );
  }
  try {
    // The size is checked by the caller, with a message that says what it is.
    const metadata = await sharp(bytes, { limitInputPixels: false }).metadata();
    const format = metadata.format === "heif" ? "avif" : metadata.format;
    if (pictureFormats.some((known) => known === format)) return metadata;
  } catch {
    // Falls through: whatever the decoder says is not for the person who chose the file.
  }
  throw unreadable(portId);
}

/** Refuses a picture that has more pixels than allowed, to read or to make. */
export function checkPixels(
  { width, height }: { readonly width: number; readonly height: number },
  limits: Limits,
  portId?: string,
): void {
  if (width * height <= limits.pixels) return;
  throw new OpError(
    "image_too_large",
    `A picture of ${width} × ${height} pixels (${Math.ceil((width * height) / megapixel)} megapixels) is too large: at most ${limits.pixels / megapixel} megapixels are allowed (limit pixels).`,
    portId,
  );
}

export function unreadable(portId: string): OpError {
  return new OpError(
    "image_unreadable",
    "This picture cannot be read: the file is cut off or damaged. Save or upload it again.",
    portId,
  );
}
