import { imageToImage } from "@heddle/catalog";
import type { Adapter } from "../lora/adapter.ts";
import { withAdapters } from "../lora/with-adapters.ts";
import type { Op } from "../op.ts";
import type { Painter } from "../text-to-image/create-painter.ts";
import { paintingSide, paintTask } from "../text-to-image/paint-task.ts";
import { readSquare } from "../text-to-image/read-square.ts";
import type { KeptValues } from "../weights/kept-values.ts";
import { defineOp } from "./define-op.ts";
import { readPicture } from "./picture/read-picture.ts";

/** The op `image-to-image` on one painter, which its tasks share; LoRAs that were read are `kept`. */
export function createImageToImageOp(painter: Painter, kept: KeptValues<Adapter>): Op {
  return defineOp(
    imageToImage,
    async ({ image, strength, loras, loraScale, ...input }, context) => {
      const picture = await readPicture(context, image, "image");
      const pixels = await readSquare(picture, paintingSide);
      const start = { kind: "picture", pixels, strength: strength / 100 } as const;
      return withAdapters({ kept, context }, { loras, loraScale }, async (adapters) => ({
        image: await paintTask(painter, { ...input, adapters, start }, context),
      }));
    },
  );
}
