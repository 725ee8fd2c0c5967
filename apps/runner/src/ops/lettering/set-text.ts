import type { Font } from "opentype.js";
import type { FontStack } from "./load-fonts.ts";
import { pathData } from "./path-data.ts";

export type Alignment = "left" | "centre" | "right";

/** A word with its width at a font size of 1 pixel; a run is set in one font. */
interface Word {
  readonly runs: readonly { readonly font: Font; readonly text: string; readonly width: number }[];
  readonly width: number;
}

/** A text that has been measured once, and can be set at any size. */
export interface MeasuredText {
  readonly fonts: FontStack;
  /** Its own lines, as words. */
  readonly lines: readonly (readonly Word[])[];
}

export interface TextStyle {
  /** Font size: the em, pixels. */
  readonly size: number;
  /** Distance of two baselines, as a multiple of the size. */
  readonly lineHeight: number;
  /** Longer lines wrap at spaces; longer words wherever they must. Pixels. */
  readonly maxWidth: number;
  readonly align: Alignment;
}

export interface SetText {
  /** Widest line; pixels */
  readonly width: number;
  /** All line boxes; pixels */
  readonly height: number;
  /** SVG path data of all letters when the block's upper left corner lies at `left`, `top`. */
  readonly pathAt: (left: number, top: number) => string;
}

/** At 1000 pixels, kerning and widths keep their precision. */
const measuringSize = 1000;

/** Characters that no font of the stack has, each once. */
export function missingCharacters(text: string, fonts: FontStack): string[] {
  const missing = Array.from(normalise(text)).filter((character) => {
    return !/\s/.test(character) && fontFor(character, fonts) === undefined;
  });
  return [...new Set(missing)];
}

/** Splits a text into words and measures them. Characters that no font has are left out. */
export function measureText(text: string, fonts: FontStack): MeasuredText {
  const lines = normalise(text)
    .split("\n")
    .map((line) => line.split(" ").filter((word) => word !== ""))
    .map((words) => words.map((word) => measureWord(word, fonts)));
  return { fonts, lines };
}

/** Breaks the text into lines and places them. */
export function setText({ fonts, lines: own }: MeasuredText, style: TextStyle): SetText {
  const { size, lineHeight, maxWidth, align } = style;
  const space = (fonts[0]?.getAdvanceWidth(" ", measuringSize) ?? 0) / measuringSize;
  const lines = own.flatMap((words) => wrap(words, { fonts, space, maxWidth: maxWidth / size }));
  const widths = lines.map((words) => lineWidth(words, space) * size);
  const width = Math.max(0, ...widths);
  const pitch = size * lineHeight;
  const baseline = baselineIn(pitch, size, fonts[0]);
  const pathAt = (left: number, top: number): string =>
    lines
      .flatMap((words, index) => {
        const start = left + indent(width - (widths[index] ?? 0), align);
        return linePath(words, { x: start, y: top + index * pitch + baseline, size, space });
      })
      .join("");
  return { width, height: lines.length * pitch, pathAt };
}

function normalise(text: string): string {
  return text
    .normalize("NFC")
    .replaceAll(/\r\n?/g, "\n")
    .replaceAll("\t", " ")
    .replaceAll(/(?!\n)[\p{Cc}\p{Cf}]/gu, "")
    .trimEnd();
}

function fontFor(character: string, fonts: FontStack): Font | undefined {
  return fonts.find((font) => font.charToGlyphIndex(character) > 0);
}

function measureWord(word: string, fonts: FontStack): Word {
  const runs: { font: Font; text: string }[] = [];
  for (const character of word) {
    const font = fontFor(character, fonts);
    if (font === undefined) continue;
    const last = runs.at(-1);
    if (last?.font === font) last.text += character;
    else runs.push({ font, text: character });
  }
  const measured = runs.map(({ font, text }) => {
    return { font, text, width: font.getAdvanceWidth(text, measuringSize) / measuringSize };
  });
  return { runs: measured, width: measured.reduce((sum, run) => sum + run.width, 0) };
}

interface Wrapping {
  readonly fonts: FontStack;
  readonly space: number;
  /** In ems, as the words are. */
  readonly maxWidth: number;
}

function wrap(words: readonly Word[], wrapping: Wrapping): Word[][] {
  const { space, maxWidth } = wrapping;
  const lines: Word[][] = [[]];
  let width = 0;
  for (const word of words.flatMap((one) => breakWord(one, wrapping))) {
    const line = lines.at(-1) ?? [];
    const needed = line.length === 0 ? word.width : width + space + word.width;
    if (line.length > 0 && needed > maxWidth) {
      lines.push([word]);
      width = word.width;
    } else {
      line.push(word);
      width = needed;
    }
  }
  return lines;
}

/** Pieces of a word that is wider than a line, each as long as fits, at least one character. */
function breakWord(word: Word, { fonts, maxWidth }: Wrapping): Word[] {
  if (word.width <= maxWidth) return [word];
  const pieces: string[] = [];
  let width = 0;
  for (const character of word.runs.map(({ text }) => text).join("")) {
    const { width: own } = measureWord(character, fonts);
    if (pieces.length === 0 || width + own > maxWidth) {
      pieces.push(character);
      width = own;
    } else {
      pieces.push(`${pieces.pop() ?? ""}${character}`);
      width += own;
    }
  }
  return pieces.map((piece) => measureWord(piece, fonts));
}

function lineWidth(words: readonly Word[], space: number): number {
  return words.reduce((sum, word) => sum + word.width, 0) + space * Math.max(0, words.length - 1);
}

/** The letters stand in the middle of their line box. */
function baselineIn(pitch: number, size: number, font: Font | undefined): number {
  if (font === undefined) return pitch;
  const ascent = (font.ascender / font.unitsPerEm) * size;
  const descent = (-font.descender / font.unitsPerEm) * size;
  return (pitch - ascent - descent) / 2 + ascent;
}

function indent(rest: number, align: Alignment): number {
  return align === "left" ? 0 : align === "right" ? rest : rest / 2;
}

interface LinePlace {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly space: number;
}

function linePath(words: readonly Word[], { x, y, size, space }: LinePlace): string[] {
  const paths: string[] = [];
  let at = x;
  for (const { runs } of words) {
    for (const { font, text, width } of runs) {
      paths.push(pathData(font.getPath(text, at, y, size)));
      at += width * size;
    }
    at += space * size;
  }
  return paths;
}
