import { assert } from "@heddle/core";

interface Box {
  readonly type: string;
  /** Where it begins in the file, with its header; and where it ends. */
  readonly start: number;
  readonly end: number;
}

/** Boxes that hold boxes. */
const containers = new Set(["moov", "trak", "mdia", "minf", "stbl"]);
/** Boxes that say when the film was made: version and flags, then two times. */
const dated = new Set(["mvhd", "tkhd", "mdhd"]);

/**
 * Makes an MP4 (ISO/IEC 14496-12) the same for the same frames, and playable while it still loads: the dates become 0, the
 * index goes before the frames, and what is empty goes.
 */
export function tidyMp4(file: Uint8Array): Uint8Array {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const top = boxesIn(view, 0, file.byteLength);
  const [kind, index, frames] = ["ftyp", "moov", "mdat"].map((type) =>
    top.find((box) => box.type === type),
  );
  assert(kind !== undefined && index !== undefined && frames !== undefined, "an MP4 has its boxes");
  const shift = kind.end - kind.start + (index.end - index.start) - frames.start;
  for (const box of allBoxes(view, index)) {
    if (dated.has(box.type)) eraseDates(view, box);
    if (box.type === "stco") moveChunks(view, box, shift);
  }
  return Buffer.concat([kind, index, frames].map(({ start, end }) => file.subarray(start, end)));
}

function boxesIn(view: DataView, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let start = from; start + 8 <= to;) {
    const size = view.getUint32(start);
    assert(size >= 8 && start + size <= to, "a box lies within its parent");
    const letters = [4, 5, 6, 7].map((at) => view.getUint8(start + at));
    boxes.push({ type: String.fromCodePoint(...letters), start, end: start + size });
    start += size;
  }
  return boxes;
}

function allBoxes(view: DataView, box: Box): Box[] {
  if (!containers.has(box.type)) return [box];
  return boxesIn(view, box.start + 8, box.end).flatMap((inner) => allBoxes(view, inner));
}

function eraseDates(view: DataView, { start }: Box): void {
  const isLong = view.getUint8(start + 8) === 1;
  for (let at = 0; at < (isLong ? 16 : 8); at += 4) view.setUint32(start + 12 + at, 0);
}

function moveChunks(view: DataView, { start }: Box, shift: number): void {
  const count = view.getUint32(start + 12);
  for (let chunk = 0; chunk < count; chunk += 1) {
    const at = start + 16 + 4 * chunk;
    view.setUint32(at, view.getUint32(at) + shift);
  }
}
