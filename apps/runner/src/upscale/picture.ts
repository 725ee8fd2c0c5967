/** Decoded pixels: 8 bits a channel, interleaved, rows from the top without gaps, sRGB; alpha not premultiplied. */
export interface Picture {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** RGB or RGBA. */
  readonly channels: 3 | 4;
}
