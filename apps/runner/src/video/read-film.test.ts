import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLimits } from "@heddle/core";
import { createBlobStore } from "@heddle/infra";
import { afterAll, describe, expect, it } from "vitest";
import { encodeMp4 } from "./encode-mp4.ts";
import { encodeWebp } from "./encode-webp.ts";
import { readFilm } from "./read-film.ts";

const directory = await mkdtemp(join(tmpdir(), "heddle-film-"));
const blobs = createBlobStore(`file:${directory}`);
afterAll(() => rm(directory, { recursive: true }));

/** A square that moves to the right over a gradient. */
function moving(width: number, height: number, count: number, framesPerSecond = 8) {
  const frames = Array.from({ length: count }, (_, number) =>
    Uint8Array.from({ length: width * height * 3 }, (_each, at) => {
      const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
      const inside = x >= number * 4 && x < number * 4 + 12 && y > 8 && y < 24;
      return inside ? 230 : 40 + ((x + y) % 120);
    }),
  );
  return { frames, width, height, framesPerSecond };
}

async function open(bytes: Uint8Array, contentType = "video/mp4", limits = defaultLimits) {
  const { sha256, sizeBytes } = await blobs.put(bytes);
  const context = { blobs, limits, signal: new AbortController().signal };
  return readFilm(context, { sha256, sizeBytes, contentType }, "video");
}

async function readAll(bytes: Uint8Array, contentType?: string) {
  const film = await open(bytes, contentType);
  const frames: Uint8Array[] = [];
  const times: number[] = [];
  for await (const { pixels, timeMs } of film.frames) {
    frames.push(pixels);
    times.push(Math.round(timeMs));
  }
  return { ...film, frames, times };
}

/** Peak signal-to-noise ratio, dB. */
function psnr(found: Uint8Array, expected: Uint8Array): number {
  const errors = expected.reduce((sum, value, at) => sum + (value - (found[at] ?? 0)) ** 2, 0);
  return 10 * Math.log10(255 ** 2 / (errors / expected.length));
}

describe("a film", () => {
  it("that was made here comes back frame by frame, with its size, rate and times", async () => {
    const made = moving(96, 64, 12);
    const { frames, times, ...film } = await readAll(await encodeMp4(made));
    expect(film).toMatchObject({ width: 96, height: 64, framesPerSecond: 8 });
    expect(times).toEqual(Array.from({ length: 12 }, (_, at) => at * 125));
    for (const [at, frame] of frames.entries())
      expect(psnr(frame, made.frames[at] ?? frame)).toBeGreaterThan(30);
  });

  it("that is an animated WebP does, too", async () => {
    const made = moving(64, 48, 5);
    const { frames, times, ...film } = await readAll(await encodeWebp(made), "image/webp");
    expect(film).toMatchObject({ width: 64, height: 48, framesPerSecond: 8 });
    expect(times).toEqual([0, 125, 250, 375, 500]);
    for (const [at, frame] of frames.entries())
      expect(psnr(frame, made.frames[at] ?? frame)).toBeGreaterThan(30);
  });

  it("gives the same frames each time, and none of one to another", async () => {
    const bytes = await encodeMp4(moving(64, 48, 3));
    const [first, second] = await Promise.all([readAll(bytes), readAll(bytes)]);
    expect(second.frames).toEqual(first.frames);
    expect(first.frames[0]).not.toEqual(first.frames[1]);
  });
});

/** With the four bytes after the name of a box, and some more, changed. */
function patch(bytes: Uint8Array, box: string, at: number, ...values: number[]): Uint8Array {
  const changed = Buffer.from(bytes);
  const place = changed.indexOf(box, 0, "latin1") + 4 + at;
  for (const [index, value] of values.entries()) changed[place + index] = value;
  return changed;
}

describe("what cannot be read", () => {
  const film = encodeMp4(moving(64, 48, 6));
  const refused: [string, () => Promise<Uint8Array>, string, RegExp][] = [
    ["nothing", async () => new Uint8Array(0), "video_unreadable", /damaged, cut short/],
    [
      "a page by the name of a film",
      async () => Buffer.from("<!doctype html><title>x</title>"),
      "video_unreadable",
      /no MP4/,
    ],
    ["only an index", async () => (await film).slice(0, 40), "video_unreadable", /cut short/],
    [
      "a codec that is not known here",
      async () => patch(await film, "avc1", -4, ...Buffer.from("hvc1")),
      "video_codec",
      /coded as hevc.*H\.264/,
    ],
    [
      "frames of 65,535 × 65,535 pixels",
      async () => patch(await film, "avc1", 24, 255, 255, 255, 255),
      "video_too_large",
      /2048 × 2048/,
    ],
  ];
  it.each(refused)("%s is said so, and where", async (_name, make, code, message) => {
    const error: unknown = await readAll(await make()).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message), portId: "video" });
  });

  it("a film of an hour is too long, whatever it has", async () => {
    const slow = await encodeMp4(moving(32, 32, 2, 1));
    const changed = Buffer.from(slow);
    // A frame of an hour: the duration of the first sample, in the clock of the track.
    const table = changed.indexOf("stts", 0, "latin1") + 4;
    const clock = changed.readUInt32BE(changed.indexOf("mdhd", 0, "latin1") + 16);
    changed.writeUInt32BE(3_600 * clock, table + 12);
    const error: unknown = await readAll(changed).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "video_too_long", portId: "video" });
  });

  it("no bytes whatever bring the process down", async () => {
    const whole = Buffer.from(await film);
    let random = 1;
    const next = (below: number) => (random = (random * 48_271) % 2_147_483_647) % below;
    for (let round = 0; round < 60; round += 1) {
      const broken = Buffer.from(whole);
      for (let change = 0; change < 1 + (round % 20); change += 1)
        broken[next(broken.length)] = next(256);
      const end: unknown = await readAll(broken.subarray(0, broken.length - next(200))).catch(
        (error: unknown) => error,
      );
      // Frames, or a refusal.
      expect(end).toSatisfy((value: object) => "frames" in value || "code" in value);
    }
  });
});
