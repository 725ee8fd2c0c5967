import { grid, type NodeInput } from "@heddle/catalog";
import type { ArtifactRef } from "@heddle/core";
import { OpError, type OpContext } from "../op.ts";
import { defineOp } from "./define-op.ts";
import { drawSvg, fillOf } from "./lettering/draw-svg.ts";
import { loadFonts } from "./lettering/load-fonts.ts";
import { measureText, setText, type SetText } from "./lettering/set-text.ts";
import { readColour, toBackground, type Rgba } from "./picture/colour.ts";
import { drawOver } from "./picture/draw-over.ts";
import { fromPixels, toPixels, type Pixels } from "./picture/pixels.ts";
import { checkPixels, readPicture, type Picture } from "./picture/read-picture.ts";
import { decoding, savePicture } from "./picture/save-picture.ts";

type Input = NodeInput<typeof grid>;

export const gridOp = defineOp(grid, async (input, context) => {
  checkCounts(input);
  const [first] = input.images;
  if (first === undefined) {
    throw new OpError("list_empty", "There are no pictures to put on the sheet.", "images");
  }
  const plan = planSheet(input, await readCell(context, first, 0));
  checkPixels(plan, context.limits, "cellWidth");
  const background = readColour(input.background);
  const sheet = blankSheet(plan, background);
  for (const [index, artifact] of input.images.entries()) {
    context.progress("computing", index, input.images.length);
    const cell = plan.cellAt(index);
    const picture = await readCell(context, artifact, index);
    const pixels = await decodeCell(picture, { ...plan.cell, fit: input.fit });
    context.signal.throwIfAborted();
    drawOver(sheet, pixels, cell);
    const label = input.labels?.[index] ?? "";
    if (label.trim() !== "") await drawLabel(sheet, label, { input, plan, cell });
  }
  return { image: await savePicture(context, fromPixels(sheet, background.a < 255), []) };
});

function checkCounts({ images, labels }: Input): void {
  if (labels === undefined || labels.length === images.length) return;
  throw new OpError(
    "labels_mismatch",
    `There are ${images.length} pictures but ${labels.length} labels; give one label for each picture.`,
    "labels",
  );
}

interface Place {
  readonly left: number;
  readonly top: number;
}

/** Measures of the sheet, pixels. */
interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly cell: { readonly width: number; readonly height: number };
  /** Height of the strip under each cell; 0 without labels. */
  readonly labelHeight: number;
  readonly cellAt: (index: number) => Place;
}

function planSheet(input: Input, first: Picture): Sheet {
  const { gap, cellWidth, images } = input;
  const cellHeight = Math.max(1, Math.round((cellWidth * first.height) / first.width));
  const labelHeight = input.labels === undefined ? 0 : Math.round(input.labelSize * 1.6);
  const pitch = cellHeight + labelHeight + gap;
  const square = Math.round(Math.sqrt((images.length * pitch) / (cellWidth + gap)));
  const columns = Math.min(
    images.length,
    Math.max(1, input.columns === 0 ? square : input.columns),
  );
  const rows = Math.ceil(images.length / columns);
  return {
    width: gap + columns * (cellWidth + gap),
    height: gap + rows * pitch,
    cell: { width: cellWidth, height: cellHeight },
    labelHeight,
    cellAt: (index) => ({
      left: gap + (index % columns) * (cellWidth + gap),
      top: gap + Math.floor(index / columns) * pitch,
    }),
  };
}

function blankSheet({ width, height }: Sheet, { r, g, b, a }: Rgba): Pixels {
  const data = Buffer.alloc(width * height * 4, Buffer.from([r, g, b, a]));
  return { width, height, data };
}

/** Errors say which picture of the list is meant. */
async function readCell(
  context: OpContext,
  artifact: ArtifactRef,
  index: number,
): Promise<Picture> {
  try {
    return await readPicture(context, artifact, "images");
  } catch (error) {
    throw named(error, index);
  }
}

function named(error: unknown, index: number): unknown {
  if (!(error instanceof OpError)) return error;
  return new OpError(
    error.code,
    `Picture ${index + 1} of the list: ${error.message}`,
    error.portId,
  );
}

function decodeCell(
  picture: Picture,
  {
    width,
    height,
    fit,
  }: { readonly width: number; readonly height: number; readonly fit: Input["fit"] },
): Promise<Pixels> {
  const background = toBackground({ r: 0, g: 0, b: 0, a: 0 });
  const cell = picture.open().ensureAlpha().resize({ width, height, fit, background });
  return decoding([picture], () => toPixels(cell));
}

interface LabelPlace {
  readonly input: Input;
  readonly plan: Sheet;
  readonly cell: Place;
}

/** One centred line under the cell; characters that no font has are left out, since a label is only a help. */
async function drawLabel(
  sheet: Pixels,
  label: string,
  { input, plan, cell }: LabelPlace,
): Promise<void> {
  const set = fitLabel(label, { size: input.labelSize, maxWidth: plan.cell.width });
  if (set.width === 0) return;
  const left = cell.left + (plan.cell.width - set.width) / 2;
  const top = cell.top + plan.cell.height + (plan.labelHeight - set.height) / 2;
  const region = {
    left: cell.left,
    top: cell.top + plan.cell.height,
    right: cell.left + plan.cell.width,
    bottom: cell.top + plan.cell.height + plan.labelHeight,
  };
  const path = `<path d="${set.pathAt(left, top)}" ${fillOf(readColour(input.labelColour))}/>`;
  drawOver(sheet, await drawSvg(region, path), region);
}

/** Cuts a label that is wider than its cell, and ends it with …. */
function fitLabel(
  label: string,
  { size, maxWidth }: { readonly size: number; readonly maxWidth: number },
): SetText {
  const line = label.replaceAll(/\s+/g, " ").trim();
  const fonts = loadFonts("geist", "regular");
  const set = (text: string): SetText =>
    setText(measureText(text, fonts), { size, lineHeight: 1.4, maxWidth: Infinity, align: "left" });
  const whole = set(line);
  if (whole.width <= maxWidth) return whole;
  const characters = Array.from(line);
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (set(`${characters.slice(0, middle).join("").trimEnd()}…`).width <= maxWidth) low = middle;
    else high = middle - 1;
  }
  return set(`${characters.slice(0, low).join("").trimEnd()}…`);
}
