import { inpaint } from "@heddle/catalog";
import type { Op } from "../op.ts";
import type { Painter } from "../text-to-image/create-painter.ts";
import { paintingSide, paintTask } from "../text-to-image/paint-task.ts";
import { readSquare, readSquareMask } from "../text-to-image/read-square.ts";
import { defineOp } from "./define-op.ts";
import { readPicture } from "./picture/read-picture.ts";

/** The op `inpaint` on one painter, which its tasks share. */
export function createInpaintOp(painter: Painter): Op {
  return defineOp(inpaint, async ({ image, mask, ...input }, context) => {
    const picture = await readPicture(context, image, "image");
    const shape = await readPicture(context, mask, "mask");
    const start = {
      kind: "inpaint",
      pixels: await readSquare(picture, paintingSide),
      mask: await readSquareMask(shape, picture, paintingSide),
    } as const;
    return { image: await paintTask(painter, { ...input, start }, context) };
  });
}
