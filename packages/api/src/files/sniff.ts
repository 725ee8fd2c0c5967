/** File formats that may come in, told by their first bytes and nothing else. */
export const fileFormats = [
  "png",
  "jpeg",
  "webp",
  "gif",
  "avif",
  "tiff",
  "mp4",
  "webm",
  "safetensors",
  "zip",
] as const;
export type FileFormat = (typeof fileFormats)[number];

/** What the bytes are: a format that is taken, or the name of what else was recognised, for the message. */
export type Sniffed =
  | { readonly known: true; readonly format: FileFormat }
  | { readonly known: false; readonly looksLike: string };

export const contentTypes: Readonly<Record<FileFormat, string>> = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  avif: "image/avif",
  tiff: "image/tiff",
  mp4: "video/mp4",
  webm: "video/webm",
  safetensors: "application/octet-stream",
  zip: "application/zip",
};

/** Looks at the first 512 bytes at most. */
export function sniffFile(bytes: Uint8Array): Sniffed {
  const head = bytes.subarray(0, 512);
  const format = sniffFormat(head, bytes.byteLength);
  return format === null
    ? { known: false, looksLike: describeOther(head) }
    : { known: true, format };
}

function sniffFormat(head: Uint8Array, sizeBytes: number): FileFormat | null {
  const text = latin1(head);
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) return "gif";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  if (text.startsWith("PK\x03\x04") || text.startsWith("PK\x05\x06")) return "zip";
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return "tiff";
  if (text.startsWith("\x1aE\xdf\xa3")) return text.includes("webm") ? "webm" : null;
  if (text.slice(4, 8) === "ftyp") return sniffIsoMedia(text);
  return looksLikeSafetensors(head, sizeBytes) ? "safetensors" : null;
}

const videoBrands = [
  "isom",
  "iso2",
  "iso4",
  "iso5",
  "iso6",
  "mp41",
  "mp42",
  "avc1",
  "M4V ",
  "dash",
];

/** AVIF and MP4 share the ISO container; the brands in its first box tell them apart. */
function sniffIsoMedia(text: string): FileFormat | null {
  const size = text.charCodeAt(2) * 256 + text.charCodeAt(3);
  const brands = text.slice(8, Math.min(size, text.length));
  if (brands.includes("avif") || brands.includes("avis")) return "avif";
  return videoBrands.some((brand) => brands.includes(brand)) ? "mp4" : null;
}

/** Eight bytes of header length, then a JSON object. */
function looksLikeSafetensors(head: Uint8Array, sizeBytes: number): boolean {
  if (head.byteLength < 10 || head[8] !== 0x7b) return false;
  const headerBytes = new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true);
  return headerBytes <= BigInt(sizeBytes - 8);
}

/** First bytes, as Latin-1. */
const otherMagics: readonly (readonly [string, string])[] = [
  ["%PDF-", "PDF"],
  ["\x1f\x8b", "a gzip archive"],
  ["BM", "BMP"],
  ["\x7fELF", "a program"],
  ["MZ", "a program"],
  ["\x80\x02", "a Python pickle"],
  ["\x80\x03", "a Python pickle"],
  ["\x80\x04", "a Python pickle"],
  ["\x80\x05", "a Python pickle"],
];

const otherTexts: readonly (readonly [RegExp, string])[] = [
  [/^\s*(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*(<!doctype svg[^>]*>\s*)?<svg[\s/>]/i, "SVG"],
  [/^\s*<\?xml/i, "XML"],
  [/^\s*<(!--|!doctype html|html|head|body|script|iframe|img|div|p\b)/i, "HTML"],
  [/^\s*[[{]/, "JSON"],
];

function describeOther(head: Uint8Array): string {
  const text = latin1(head).replace(/^\xef\xbb\xbf/, "");
  if (/^.{4}ftyp(heic|heix|mif1)/s.test(text)) return "HEIC";
  const magic = otherMagics.find(([start]) => text.startsWith(start));
  const found = magic ?? otherTexts.find(([pattern]) => pattern.test(text));
  if (found !== undefined) return found[1];
  return /^[\t\n\r\x20-\x7e\xa0-\xff]*$/.test(text) ? "text" : "something else";
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
}
