import { deflateSync } from "node:zlib";

/** 0–255: red, green, blue and, when it is not 255, alpha. */
export type Pixel = readonly [number, number, number, number?];

/** A PNG (colour type 6, 8 bits) written by hand, so that tests do not expect what the tested library wrote. */
export function drawPixels(
  width: number,
  height: number,
  pixel: (x: number, y: number) => Pixel,
): Uint8Array {
  const row = 1 + width * 4;
  const raw = Buffer.alloc(height * row);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const [r, g, b, a = 255] = pixel(x, y);
      raw.set([r, g, b, a], y * row + 1 + x * 4);
    }
  }
  return writePng({ width, height, bitDepth: 8, colourType: 6 }, raw);
}

/** A black and white PNG of any size that is a few kilobytes short: what a decompression bomb looks like. */
export function drawBomb(side: number): Uint8Array {
  const raw = Buffer.alloc(side * (1 + Math.ceil(side / 8)));
  return writePng({ width: side, height: side, bitDepth: 1, colourType: 0 }, raw);
}

interface Header {
  readonly width: number;
  readonly height: number;
  readonly bitDepth: number;
  readonly colourType: number;
}

function writePng({ width, height, bitDepth, colourType }: Header, raw: Buffer): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([bitDepth, colourType], 8);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(raw, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** PNG specification, annex D. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
