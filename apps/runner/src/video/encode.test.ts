import sharp from "sharp";
import { afterEach, describe, expect, it, vi } from "vitest";
import { encodeMp4 } from "./encode-mp4.ts";
import { encodeWebp } from "./encode-webp.ts";

/** A square that moves to the right over a gradient. */
function moving(width: number, height: number, count: number) {
  const frames = Array.from({ length: count }, (_, number) =>
    Uint8Array.from({ length: width * height * 3 }, (_each, at) => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      const inside = x >= number * 4 && x < number * 4 + 12 && y > 8 && y < 24;
      return inside ? 250 : (x + y) % 200;
    }),
  );
  return { frames, width, height, framesPerSecond: 8 };
}

const boxesOf = (bytes: Uint8Array): string[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: string[] = [];
  for (let at = 0; at < bytes.byteLength; at += view.getUint32(at))
    found.push(Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1"));
  return found;
};

describe("an MP4", () => {
  afterEach(() => vi.useRealTimers());

  it("has its index before its frames, which lie where the index says", async () => {
    const bytes = Buffer.from(await encodeMp4(moving(64, 48, 6)));
    expect(boxesOf(bytes)).toEqual(["ftyp", "moov", "mdat"]);
    const chunks = bytes.indexOf("stco", 0, "latin1");
    const first = bytes.readUInt32BE(chunks + 12);
    expect(first).toBe(bytes.indexOf("mdat", 0, "latin1") + 4);
    const sizes = bytes.indexOf("stsz", 0, "latin1");
    expect(bytes.readUInt32BE(sizes + 12)).toBe(6);
    // A NAL unit of a key frame begins with its length and its kind.
    expect([5, 6, 7, 8]).toContain((bytes[first + 4] ?? 0) & 31);
  });

  it("is the same for the same frames, whenever it is made", async () => {
    vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-01-01") });
    const first = await encodeMp4(moving(64, 48, 4));
    vi.setSystemTime(new Date("2030-01-01"));
    expect(Buffer.compare(await encodeMp4(moving(64, 48, 4)), first)).toBe(0);
  });

  it("takes odd sizes", async () => {
    const bytes = Buffer.from(await encodeMp4(moving(65, 49, 3)));
    const entry = bytes.indexOf("avc1", 0, "latin1");
    expect([bytes.readUInt16BE(entry + 28), bytes.readUInt16BE(entry + 30)]).toEqual([64, 48]);
  });
});

describe("an animated WebP", () => {
  it("has all frames in their order, for as long as they are to be seen", async () => {
    const { frames, ...size } = moving(64, 48, 5);
    const bytes = await encodeWebp({ frames, ...size });
    const metadata = await sharp(bytes, { animated: true }).metadata();
    expect([metadata.pages, metadata.pageHeight, metadata.width]).toEqual([5, 48, 64]);
    expect(metadata.delay).toEqual([125, 125, 125, 125, 125]);
    const decoded = await sharp(bytes, { animated: true }).removeAlpha().raw().toBuffer();
    const at = (frame: number, x: number) => decoded[((frame * 48 + 16) * 64 + x) * 3] ?? 0;
    expect([at(0, 5), at(4, 5), at(4, 21)].map((value) => value > 200)).toEqual([
      true,
      false,
      true,
    ]);
  });
});
