import { resize } from "@heddle/catalog";
import { defineOp } from "./define-op.ts";
import { readColour, toBackground } from "./picture/colour.ts";
import { checkPixels, readPicture } from "./picture/read-picture.ts";
import { savePicture } from "./picture/save-picture.ts";

export const resizeOp = defineOp(resize, async (input, context) => {
  const { width, height, fit, kernel } = input;
  const picture = await readPicture(context, input.image, "image");
  checkPixels(
    fit === "inside" ? fitInside(picture, { width, height }) : { width, height },
    context.limits,
    "width",
  );
  const background = toBackground(readColour(input.background));
  const resized = picture.open().resize({ width, height, fit, kernel, background });
  return { image: await savePicture(context, resized, [picture]) };
});

interface Size {
  readonly width: number;
  readonly height: number;
}

function fitInside(picture: Size, frame: Size): Size {
  const scale = Math.min(frame.width / picture.width, frame.height / picture.height);
  return { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) };
}
