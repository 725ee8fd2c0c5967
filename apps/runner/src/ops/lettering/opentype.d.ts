/** The part of opentype.js 2.0 that is used here; the published types (for 1.3) bring the browser's with them. */
declare module "opentype.js" {
  export type PathCommand =
    | { readonly type: "M" | "L"; readonly x: number; readonly y: number }
    | {
        readonly type: "Q";
        readonly x1: number;
        readonly y1: number;
        readonly x: number;
        readonly y: number;
      }
    | {
        readonly type: "C";
        readonly x1: number;
        readonly y1: number;
        readonly x2: number;
        readonly y2: number;
        readonly x: number;
        readonly y: number;
      }
    | { readonly type: "Z" };

  export interface Path {
    readonly commands: readonly PathCommand[];
  }

  export interface Font {
    readonly unitsPerEm: number;
    /** Font units above and (negative) below the baseline. */
    readonly ascender: number;
    readonly descender: number;
    /** 0: the font has no such character. */
    charToGlyphIndex(character: string): number;
    /** Pixels, with kerning and ligatures, as `getPath` sets it. */
    getAdvanceWidth(text: string, fontSize: number): number;
    /** `x`, `y`: start of the baseline, pixels. */
    getPath(text: string, x: number, y: number, fontSize: number): Path;
  }

  const opentype: { parse(bytes: ArrayBuffer): Font };
  export default opentype;
}
