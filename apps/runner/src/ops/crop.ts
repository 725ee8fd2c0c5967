import { crop, type Anchor } from "@heddle/catalog";
import type { Sharp } from "sharp";
import { OpError } from "../op.ts";
import { defineOp } from "./define-op.ts";
import { placeAt } from "./picture/place-at.ts";
import { readPicture, type Picture } from "./picture/read-picture.ts";
import { savePicture } from "./picture/save-picture.ts";

export const cropOp = defineOp(crop, async (input, context) => {
  const picture = await readPicture(context, input.image, "image");
  const cropped =
    input.by === "rectangle"
      ? cropRectangle(picture, input)
      : cropProportions(picture, input.proportions, input.anchor);
  return { image: await savePicture(context, cropped, [picture]) };
});

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function cropRectangle(picture: Picture, { left, top, width, height }: Rectangle): Sharp {
  const right = left + width;
  const bottom = top + height;
  if (right > picture.width || bottom > picture.height) {
    throw new OpError(
      "crop_outside",
      `The crop lies outside the picture: the picture is ${picture.width} × ${picture.height}, the crop reaches to ${right} × ${bottom}.`,
      right > picture.width
        ? left >= picture.width
          ? "left"
          : "width"
        : top >= picture.height
          ? "top"
          : "height",
    );
  }
  return picture.open().extract({ left, top, width, height });
}

function cropProportions(
  picture: Picture,
  proportions: string,
  anchor: Anchor | "attention",
): Sharp {
  const size = largestOf(picture, proportions);
  if (anchor === "attention") {
    // One side keeps its length, so this only chooses where to cut.
    return picture.open().resize({ ...size, fit: "cover", position: "attention" });
  }
  return picture.open().extract({ ...placeAt(anchor, picture, size), ...size });
}

/** The largest size of these proportions inside the picture, at least one pixel on each side. */
function largestOf(
  { width, height }: Picture,
  proportions: string,
): { readonly width: number; readonly height: number } {
  const [across = 1, down = 1] = proportions.split(":").map(Number);
  const ratio = across / down;
  return width / height > ratio
    ? { width: Math.max(1, Math.round(height * ratio)), height }
    : { width, height: Math.max(1, Math.round(width / ratio)) };
}
