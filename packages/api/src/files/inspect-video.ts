import { AppError } from "@heddle/core";

/** Checks that an MP4 is whole: its boxes cover the file exactly and its index (`moov`) is there. Throws AppError `invalid`. */
export function inspectMp4(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const seen = new Set<string>();
  let offset = 0;
  while (offset < bytes.byteLength) {
    const box = readBox(view, offset);
    if (box === null) throw new AppError("invalid", "This MP4 is damaged or cut short");
    seen.add(box.type);
    offset += box.sizeBytes;
  }
  if (!seen.has("moov"))
    throw new AppError("invalid", "This MP4 has no index (moov): it is damaged or cut short");
}

/** Size 0 means to the end of the file, 1 that a 64-bit size follows. */
function readBox(view: DataView, offset: number): { type: string; sizeBytes: number } | null {
  const left = view.byteLength - offset;
  if (left < 8) return null;
  const type = [4, 5, 6, 7]
    .map((index) => String.fromCharCode(view.getUint8(offset + index)))
    .join("");
  const short = view.getUint32(offset);
  if (short === 1 && left < 16) return null;
  const sizeBytes =
    short === 0 ? left : short === 1 ? Number(view.getBigUint64(offset + 8)) : short;
  return sizeBytes < 8 || sizeBytes > left ? null : { type, sizeBytes };
}
