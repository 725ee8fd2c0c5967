import { textToImage } from "@heddle/catalog";
import type { Adapter } from "../lora/adapter.ts";
import { withAdapters } from "../lora/with-adapters.ts";
import type { Op } from "../op.ts";
import type { Painter } from "../text-to-image/create-painter.ts";
import { paintTask } from "../text-to-image/paint-task.ts";
import type { KeptValues } from "../weights/kept-values.ts";
import { defineOp } from "./define-op.ts";

/** The op `text-to-image` on one painter, which its tasks share; LoRAs that were read are `kept`. */
export function createTextToImageOp(painter: Painter, kept: KeptValues<Adapter>): Op {
  return defineOp(textToImage, ({ loras, loraScale, ...input }, context) =>
    withAdapters({ kept, context }, { loras, loraScale }, async (adapters) => {
      const request = { ...input, adapters, start: { kind: "noise" } } as const;
      return { image: await paintTask(painter, request, context) };
    }),
  );
}
