import { blurSharpen } from "@heddle/catalog";
import { defineOp } from "./define-op.ts";
import { blur } from "./picture/blur.ts";
import { fromPixels, inTurns, toByte, toPixels, type Pixels } from "./picture/pixels.ts";
import { readPicture } from "./picture/read-picture.ts";
import { decoding, savePicture } from "./picture/save-picture.ts";

export const blurSharpenOp = defineOp(blurSharpen, async (input, context) => {
  const picture = await readPicture(context, input.image, "image");
  const pixels = await decoding([picture], () => toPixels(picture.open()));
  context.signal.throwIfAborted();
  const soft = await blur(pixels, input.radius);
  context.signal.throwIfAborted();
  if (input.effect === "sharpen")
    await unsharpMask(pixels, soft, { ...input, signal: context.signal });
  const made = input.effect === "sharpen" ? pixels : soft;
  return { image: await savePicture(context, fromPixels(made, picture.hasAlpha), [picture]) };
});

/** Adds to every colour its difference to the blurred picture, in place; alpha stays. */
async function unsharpMask(
  sharp: Pixels,
  soft: Pixels,
  { strength, signal }: { readonly strength: number; readonly signal: AbortSignal },
): Promise<void> {
  const gain = strength / 100;
  await inTurns(sharp.width * sharp.height, signal, (from, to) => {
    for (let at = from * 4; at < to * 4; at += 1) {
      if (at % 4 === 3) continue;
      const own = sharp.data[at] ?? 0;
      sharp.data[at] = toByte(own + gain * (own - (soft.data[at] ?? 0)));
    }
  });
}
