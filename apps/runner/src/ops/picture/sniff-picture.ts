/** Formats that a picture may have, told by its first bytes; a name or a content type is never believed. */
export const pictureFormats = ["png", "jpeg", "webp", "gif", "avif", "tiff"] as const;
export type PictureFormat = (typeof pictureFormats)[number];

/** The format of the bytes, or null when it is none that is decoded here (SVG, HTML, PDF, …). */
export function sniffPicture(bytes: Uint8Array): PictureFormat | null {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 64));
  const text = head.toString("latin1");
  if (text.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (text.startsWith("\xff\xd8\xff")) return "jpeg";
  if (text.startsWith("GIF87a") || text.startsWith("GIF89a")) return "gif";
  if (text.startsWith("RIFF") && text.slice(8, 12) === "WEBP") return "webp";
  if (text.startsWith("II*\0") || text.startsWith("MM\0*")) return "tiff";
  if (text.slice(4, 8) === "ftyp" && /avi[fs]/.test(text.slice(8, 48))) return "avif";
  return null;
}

/** What the bytes look like instead, in words for the person who chose the file. */
export function describeOther(bytes: Uint8Array): string {
  if (bytes.byteLength === 0) return "it is empty";
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 512));
  const text = head.toString("latin1").trimStart();
  if (/<svg[\s>]/i.test(text)) return "it is an SVG drawing";
  if (/^<(!doctype html|html|head|body|script)/i.test(text)) return "it is a web page";
  if (text.startsWith("%PDF-")) return "it is a PDF";
  return "it is none of these";
}
