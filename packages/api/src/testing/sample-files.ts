import { crc32, deflateRawSync, deflateSync } from "node:zlib";
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

export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** What the archive says of its unpacked size; default: the truth. */
  readonly claimedBytes?: number;
  readonly isLocked?: boolean;
}

/** A ZIP archive of deflated files (APPNOTE.TXT 6.3.10). */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const bodies: Buffer[] = [];
  const index: Buffer[] = [];
  let offset = 0;
  for (const { name, bytes, claimedBytes = bytes.byteLength, isLocked = false } of entries) {
    const packed = deflateRawSync(bytes);
    const facts = Buffer.alloc(26);
    // Version, flags, method, time, date, then checksum and sizes.
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(isLocked ? 1 : 0, 2);
    facts.writeUInt16LE(8, 4);
    facts.writeUInt32LE(crc32(bytes), 10);
    facts.writeUInt32LE(packed.byteLength, 14);
    facts.writeUInt32LE(claimedBytes, 18);
    facts.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), facts, Buffer.from(name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    index.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0"), facts, tail, Buffer.from(name)]));
    bodies.push(local);
    offset += local.byteLength;
  }
  const directory = Buffer.concat(index);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(directory.byteLength, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, directory, end]);
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
