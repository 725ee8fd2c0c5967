import { houseUpscaler4x } from "@heddle/house-models";
import { InferenceSession } from "onnxruntime-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Picture } from "./picture.ts";
import { readPhoto, weightsPath } from "./testing/house-photos.ts";
import { upscaleTiled, type TiledNetwork } from "./upscale-tiled.ts";

let session: InferenceSession;
let network: TiledNetwork;

beforeAll(async () => {
  session = await InferenceSession.create(weightsPath, { intraOpNumThreads: 1 });
  network = { ...houseUpscaler4x, loaded: session };
});
afterAll(() => session.release());

const whole = { tile: 4096 };
const small = { tile: 80 };

test.each([
  ["a photograph", () => readPhoto("pagoda", { left: 100, top: 40, width: 203, height: 131 })],
  ["noise", () => Promise.resolve(noise(150, 97))],
])(
  "with the recommended margin, tiles of %s differ from the whole by at most 1 of 255",
  async (_, read) => {
    const picture = await read();
    const untiled = await upscaleTiled(picture, { ...network, ...whole });
    const tiled = await upscaleTiled(picture, { ...network, ...small });
    expect(tiled.width).toBe(picture.width * 4);
    expect(tiled.height).toBe(picture.height * 4);
    expect(largestDifference(tiled.pixels, untiled.pixels)).toBeLessThanOrEqual(1);
  },
);

test("with the whole receptive field as margin, tiles differ by rounding alone", async () => {
  const picture = noise(180, 140);
  const untiled = await upscaleTiled(picture, { ...network, ...whole });
  const options = { tile: 100, overlap: houseUpscaler4x.receptiveRadius };
  const tiled = await upscaleTiled(picture, { ...network, ...options });
  expect(countDifferences(tiled.pixels, untiled.pixels)).toBeLessThan(
    untiled.pixels.length / 10_000,
  );
});

test.each([
  [1, 1],
  [3, 2],
  [1, 300],
  [300, 5],
])("a picture of %i × %i pixels works", async (width, height) => {
  const enlarged = await upscaleTiled(flat(width, height, [200, 40, 90]), network);
  expect([enlarged.width, enlarged.height]).toEqual([width * 4, height * 4]);
  expect(enlarged.pixels).toHaveLength(width * height * 16 * 3);
});

test.each([
  [0, 0, 0],
  [255, 255, 255],
  [200, 40, 90],
  [17, 128, 240],
])("a flat colour %i %i %i keeps its colour", async (...colour) => {
  const enlarged = await upscaleTiled(flat(64, 48, colour), network);
  const off = enlarged.pixels.map((value, at) => Math.abs(value - (colour[at % 3] ?? 0)));
  const onePixel = 4;
  const inner = off.filter((_, at) => {
    const [x, y] = [Math.floor(at / 3) % 256, Math.floor(at / 3 / 256)];
    return Math.min(x, y, 255 - x, 191 - y) >= onePixel;
  });
  expect(inner.filter((value) => value > 1)).toHaveLength(0);
  // In the outermost corners the network has too little to go by: a handful of values stray further.
  expect(off.filter((value) => value > 2).length).toBeLessThan(off.length / 2000);
});

test("progress counts every tile", async () => {
  const seen: [number, number][] = [];
  await upscaleTiled(
    flat(200, 150, [1, 2, 3]),
    { ...network, ...small },
    {
      onProgress: (done, total) => seen.push([done, total]),
    },
  );
  expect(seen.map(([done]) => done)).toEqual(seen.map((_, index) => index + 1));
  expect(seen.at(-1)?.[0]).toBe(seen[0]?.[1]);
  expect(seen.length).toBeGreaterThan(3);
});

test("an abort is heard before the next tile, with its reason", async () => {
  const controller = new AbortController();
  const reason = new Error("cancelled by the person");
  let tiles = 0;
  const run = upscaleTiled(
    flat(300, 200, [9, 9, 9]),
    { ...network, ...small },
    {
      signal: controller.signal,
      onProgress: (done) => {
        tiles = done;
        if (done === 2) controller.abort(reason);
      },
    },
  );
  await expect(run).rejects.toBe(reason);
  expect(tiles).toBe(2);
});

function noise(width: number, height: number): Picture {
  const pixels = new Uint8Array(width * height * 3);
  let state = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    pixels[at] = state >>> 24;
  }
  return { pixels, width, height, channels: 3 };
}

function flat(width: number, height: number, colour: readonly number[]): Picture {
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => colour[at % 3] ?? 0);
  return { pixels, width, height, channels: 3 };
}

function largestDifference(first: Uint8Array, second: Uint8Array): number {
  expect(first).toHaveLength(second.length);
  let largest = 0;
  for (let at = 0; at < first.length; at += 1) {
    largest = Math.max(largest, Math.abs((first[at] ?? 0) - (second[at] ?? 0)));
  }
  return largest;
}

function countDifferences(first: Uint8Array, second: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < first.length; at += 1) if (first[at] !== second[at]) count += 1;
  return count;
}
