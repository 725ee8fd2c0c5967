import { inpaint } from "@heddle/catalog";
import type { Adapter } from "../lora/adapter.ts";
import { withAdapters } from "../lora/with-adapters.ts";
import type { Op } from "../op.ts";
import type { Painter } from "../text-to-image/create-painter.ts";
import { paintingSide, paintTask } from "../text-to-image/paint-task.ts";
import { readSquare, readSquareMask } from "../text-to-image/read-square.ts";
import type { KeptValues } from "../weights/kept-values.ts";
import { defineOp } from "./define-op.ts";
import { readPicture } from "./picture/read-picture.ts";

/** The op `inpaint` on one painter, which its tasks share; LoRAs that were read are `kept`. */
export function createInpaintOp(painter: Painter, kept: KeptValues<Adapter>): Op {
  return defineOp(inpaint, async ({ image, mask, loras, loraScale, ...input }, context) => {
    const picture = await readPicture(context, image, "image");
    const shape = await readPicture(context, mask, "mask");
    const start = {
      kind: "inpaint",
      pixels: await readSquare(picture, paintingSide),
      mask: await readSquareMask(shape, picture, paintingSide),
    } as const;
    return withAdapters({ kept, context }, { loras, loraScale }, async (adapters) => ({
      image: await paintTask(painter, { ...input, adapters, start }, context),
    }));
  });
}
