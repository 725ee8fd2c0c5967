import { textToImage } from "@heddle/catalog";
import type { Op } from "../op.ts";
import type { Painter } from "../text-to-image/create-painter.ts";
import { paintTask } from "../text-to-image/paint-task.ts";
import { defineOp } from "./define-op.ts";

/** The op `text-to-image` on one painter, which its tasks share. */
export function createTextToImageOp(painter: Painter): Op {
  return defineOp(textToImage, async (input, context) => {
    const request = { ...input, start: { kind: "noise" } } as const;
    return { image: await paintTask(painter, request, context) };
  });
}
