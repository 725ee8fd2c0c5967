import { crc32, deflateSync } from "node:zlib";
import sharp from "sharp";

/** A picture of noise, so that its bytes do not compress to nothing. */
export async function samplePicture(
  format: "png" | "jpeg" | "webp" | "gif" | "avif" | "tiff",
  { width = 64, height = 48 }: { readonly width?: number; readonly height?: number } = {},
): Promise<Buffer> {
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  return sharp({ create: { width, height, channels: 3, background: "#777", noise } })
    .toFormat(format)
    .toBuffer();
}

/** A small file that decodes to side² pixels. */
export function pngBomb(side: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const rows = Buffer.alloc((Math.ceil(side / 8) + 1) * side);
  const magic = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
  return Buffer.concat([
    magic,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.byteLength);
  const body = Buffer.concat([Buffer.from(type), data]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A .safetensors file with this header over `dataBytes` zeroes. */
export function safetensors(header: unknown, dataBytes: number): Buffer {
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.byteLength));
  return Buffer.concat([length, json, Buffer.alloc(dataBytes)]);
}

export function toForm(bytes: Uint8Array<ArrayBuffer>, name: string, type = ""): FormData {
  const form = new FormData();
  form.set("file", new File([bytes], name, { type }));
  return form;
}
