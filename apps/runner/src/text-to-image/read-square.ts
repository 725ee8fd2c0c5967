import type { Picture } from "../ops/picture/read-picture.ts";
import { decoding } from "../ops/picture/save-picture.ts";
import type { RgbPixels } from "./painting.ts";

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The middle square of a picture at side × side pixels; what is transparent becomes white. */
export async function readSquare(picture: Picture, side: number): Promise<RgbPixels> {
  return decoding([picture], () =>
    picture
      .open()
      .flatten({ background: "#ffffff" })
      .extract(middleOf(picture))
      .resize(side, side, { fit: "fill" })
      .removeAlpha()
      .raw({ depth: "uchar" })
      .toBuffer(),
  );
}

/**
 * The part of a mask that lies over the middle square of `picture`, at side × side bytes: its luma (BT.709) times its own
 * alpha. A mask of another size is stretched over the whole picture first.
 */
export async function readSquareMask(
  mask: Picture,
  picture: Size,
  side: number,
): Promise<Uint8Array> {
  const pixels = await decoding([mask], () =>
    mask
      .open()
      .extract(scale(middleOf(picture), picture, mask))
      .resize(side, side, { fit: "fill" })
      .toColourspace("srgb")
      .ensureAlpha()
      .raw({ depth: "uchar" })
      .toBuffer(),
  );
  return Uint8Array.from({ length: side * side }, (_, pixel) => {
    const [r = 0, g = 0, b = 0, a = 0] = pixels.subarray(pixel * 4, pixel * 4 + 4);
    return Math.round(((0.2126 * r + 0.7152 * g + 0.0722 * b) * a) / 255);
  });
}

interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

function middleOf({ width, height }: Size): Region {
  const side = Math.min(width, height);
  return {
    left: Math.floor((width - side) / 2),
    top: Math.floor((height - side) / 2),
    width: side,
    height: side,
  };
}

/** The same region of a picture of another size; at least a pixel each way. */
function scale(region: Region, from: Size, to: Size): Region {
  const [across, down] = [to.width / from.width, to.height / from.height];
  const left = Math.min(to.width - 1, Math.round(region.left * across));
  const top = Math.min(to.height - 1, Math.round(region.top * down));
  return {
    left,
    top,
    width: Math.max(1, Math.min(to.width - left, Math.round(region.width * across))),
    height: Math.max(1, Math.min(to.height - top, Math.round(region.height * down))),
  };
}
