import { styleLora } from "@heddle/catalog";
import { assert } from "@heddle/core";
import { houseStyles, styleAdapterFile, styleAdaptersWeights } from "@heddle/house-models";
import { saveLora } from "../lora/save-lora.ts";
import type { Op } from "../op.ts";
import { readVerified } from "../weights/read-verified.ts";
import { defineOp } from "./define-op.ts";

const known = styleAdaptersWeights(houseStyles.adapters);

/** The op `style-lora`: hands out the files of `packages/house-models`, whose folder is `directory`. */
export function createStyleLoraOp(directory: string): Op {
  return defineOp(styleLora, async ({ style }, context) => {
    const { sha256 } = context.model ?? known;
    assert(sha256 === known.sha256, `this runner has the styles ${known.sha256}`);
    const adapter = houseStyles.adapters.find(({ id }) => id === style);
    assert(adapter !== undefined, `there is a style ${style}`);
    const path = styleAdapterFile(directory, adapter);
    return { lora: await saveLora(context, await readVerified(style, { ...adapter, path })) };
  });
}
