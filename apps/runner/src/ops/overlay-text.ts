import { overlayText, type NodeInput } from "@heddle/catalog";
import { OpError } from "../op.ts";
import { defineOp } from "./define-op.ts";
import { drawSvg, fillOf, type Region } from "./lettering/draw-svg.ts";
import { loadFonts, type FontStack } from "./lettering/load-fonts.ts";
import { measureText, missingCharacters, setText, type SetText } from "./lettering/set-text.ts";
import { readColour } from "./picture/colour.ts";
import { placeAt } from "./picture/place-at.ts";
import { readPicture, type Picture } from "./picture/read-picture.ts";
import { savePicture } from "./picture/save-picture.ts";

type Input = NodeInput<typeof overlayText>;

export const overlayTextOp = defineOp(overlayText, async (input, context) => {
  const picture = await readPicture(context, input.image, "image");
  const fonts = loadFonts(input.font, input.weight);
  refuseMissing(input.text, fonts);
  const block = placeBlock(input, picture, fonts);
  const region = clip(block, picture);
  if (input.text.trim() === "" || region === null) {
    return { image: await savePicture(context, picture.open(), [picture]) };
  }
  const { data, width, height } = await drawSvg(region, elementsOf(input, block));
  context.signal.throwIfAborted();
  const letters = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const { left, top } = region;
  const composed = picture
    .open()
    .composite([{ input: letters, raw: { width, height, channels: 4 }, left, top }]);
  const result = picture.hasAlpha ? composed : composed.removeAlpha();
  return { image: await savePicture(context, result, [picture]) };
});

/** Empty boxes in a finished picture help nobody. */
function refuseMissing(text: string, fonts: FontStack): void {
  const missing = missingCharacters(text, fonts);
  if (missing.length === 0) return;
  const shown = missing.slice(0, 8).join(" ");
  const more = missing.length > 8 ? " …" : "";
  throw new OpError(
    "text_unsupported",
    `The built-in fonts cannot write ${shown}${more}. They know Latin and Cyrillic letters, figures and punctuation.`,
    "text",
  );
}

/** A text with its place in the picture; pixels. */
interface Block {
  readonly set: SetText;
  readonly size: number;
  /** Around the letters when they stand on a plate. */
  readonly padding: number;
  /** Upper left corner of the plate, or of the letters when there is none. */
  readonly left: number;
  readonly top: number;
}

/** Letters that would not be read anyway; pixels. */
const smallestSize = 4;

/** Sets the text at the wanted size, or smaller when it would not fit between the margins. */
function placeBlock(input: Input, picture: Picture, fonts: FontStack): Block {
  const margin = (Math.min(picture.width, picture.height) * input.margin) / 100;
  const measured = measureText(input.text, fonts);
  const align = alignmentOf(input.position);
  let size = Math.max(1, (picture.height * input.size) / 100);
  for (;;) {
    const padding = input.backdrop === "plate" ? size * 0.4 : 0;
    const maxWidth = Math.max(1, picture.width - 2 * (margin + padding));
    const set = setText(measured, { size, lineHeight: input.lineHeight, maxWidth, align });
    const width = set.width + 2 * padding;
    const height = set.height + 2 * padding;
    const fits = height <= picture.height - 2 * margin && set.width <= maxWidth;
    if (fits || size <= smallestSize) {
      return { set, size, padding, ...placeAt(input.position, picture, { width, height, margin }) };
    }
    size *= 0.94;
  }
}

function alignmentOf(position: Input["position"]): "left" | "centre" | "right" {
  if (position.includes("left")) return "left";
  return position.includes("right") ? "right" : "centre";
}

const shadow = { offset: 0.04, blur: 0.09 };

/** What of the block, shadow and overhanging letters included, lies inside the picture; null: nothing. */
function clip({ set, size, padding, left, top }: Block, picture: Picture): Region | null {
  const reach = size * 0.5;
  const region = {
    left: Math.max(0, Math.floor(left - reach)),
    top: Math.max(0, Math.floor(top - reach)),
    right: Math.min(picture.width, Math.ceil(left + set.width + 2 * padding + reach)),
    bottom: Math.min(picture.height, Math.ceil(top + set.height + 2 * padding + reach)),
  };
  return region.right > region.left && region.bottom > region.top ? region : null;
}

function elementsOf(input: Input, { set, size, padding, left, top }: Block): string {
  const letters = `<path d="${set.pathAt(left + padding, top + padding)}" ${fillOf(readColour(input.colour))}/>`;
  const behind = fillOf(readColour(input.backdropColour));
  if (input.backdrop === "plate") {
    const width = set.width + 2 * padding;
    const height = set.height + 2 * padding;
    return `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="${size * 0.2}" ${behind}/>${letters}`;
  }
  if (input.backdrop === "none") return letters;
  const blur = `<filter id="s" x="-50%" y="-50%" width="200%" height="200%"><feGaussianBlur stdDeviation="${(size * shadow.blur).toFixed(2)}"/></filter>`;
  const path = set.pathAt(left + padding, top + padding + size * shadow.offset);
  return `${blur}<path d="${path}" ${behind} filter="url(#s)"/>${letters}`;
}
