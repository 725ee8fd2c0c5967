// oxlint-disable-next-line typescript/triple-slash-reference -- whoever imports this is checked without the folder it lies in
/// <reference path="./opentype.d.ts" />
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { FontFamily } from "@heddle/catalog";
import { assert } from "@heddle/core";
// oxlint-disable-next-line import/default -- Node loads the CommonJS file, which exports nothing but a default
import opentype, { type Font } from "opentype.js";

/** Fonts to try for each character, in order. */
export type FontStack = readonly Font[];

const require = createRequire(import.meta.url);
const loaded = new Map<string, Font>();

/**
 * The bundled fonts of a family, then Geist for characters that it lacks. They come from npm packages under the OFL
 * (`geist`, `@fontsource/dm-serif-display`), so what is written does not depend on the fonts of the machine.
 */
export function loadFonts(family: FontFamily, weight: "regular" | "bold"): FontStack {
  const geist = weight === "bold" ? "geist-sans/Geist-Bold.ttf" : "geist-sans/Geist-Regular.ttf";
  switch (family) {
    case "geist":
      return [loadGeist(geist)];
    case "geist-mono":
      return [
        loadGeist(`geist-mono/GeistMono-${weight === "bold" ? "Bold" : "Regular"}.ttf`),
        loadGeist(geist),
      ];
    case "dm-serif-display":
      return [...serifFiles.map(loadFont), loadGeist(geist)];
  }
}

/** The package exports no font file, but a module that lies beside them. */
function loadGeist(file: string): Font {
  return loadFont(join(dirname(require.resolve("geist/font/sans")), "fonts", file));
}

/** One file per script. */
const serifFiles = [
  require.resolve("@fontsource/dm-serif-display/files/dm-serif-display-latin-400-normal.woff"),
  require.resolve("@fontsource/dm-serif-display/files/dm-serif-display-latin-ext-400-normal.woff"),
];

/** Read once: some 130 KB each. */
function loadFont(path: string): Font {
  const known = loaded.get(path);
  if (known !== undefined) return known;
  const file = readFileSync(path);
  const bytes = new Uint8Array(file).buffer;
  const font = opentype.parse(bytes);
  assert(font.unitsPerEm > 0, `${path} is a font`);
  loaded.set(path, font);
  return font;
}
