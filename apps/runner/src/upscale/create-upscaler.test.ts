import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { houseUpscaler4x } from "@heddle/house-models";
import sharp from "sharp";
import { afterAll, expect, test } from "vitest";
import { createUpscaler, upscaleFactors } from "./create-upscaler.ts";
import type { Picture } from "./picture.ts";
import { readPhoto, weightsPath } from "./testing/house-photos.ts";

const { sha256, sizeBytes } = houseUpscaler4x.weights;
const upscaler = createUpscaler({ weightsPath, sha256, threads: 1 });
afterAll(() => upscaler.close());

test("loading says how long it took and how many bytes were read", async () => {
  const { ms, bytes } = await upscaler.load();
  expect(bytes).toBe(sizeBytes);
  expect(ms).toBeGreaterThan(0);
});

test("damaged weights are refused, naming the file and both hashes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "heddle-upscaler-"));
  const damaged = join(folder, "damaged.onnx");
  const weights = await readFile(weightsPath);
  weights[weights.length >> 1] = (weights[weights.length >> 1] ?? 0) ^ 1;
  await writeFile(damaged, weights);
  const loaded = createUpscaler({ weightsPath: damaged, sha256, threads: 1 }).load();
  await expect(loaded).rejects.toThrow(new RegExp(`damaged\\.onnx.*${sha256}, found [0-9a-f]{64}`));
  await rm(folder, { recursive: true });
});

test("missing weights are a clear error, and a later load tries again", async () => {
  const folder = await mkdtemp(join(tmpdir(), "heddle-upscaler-"));
  const late = join(folder, "late.onnx");
  const waiting = createUpscaler({ weightsPath: late, sha256, threads: 1 });
  await expect(waiting.load()).rejects.toThrow(/cannot be read from .*late\.onnx/);
  await writeFile(late, await readFile(weightsPath));
  await expect(waiting.load()).resolves.toMatchObject({ bytes: sizeBytes });
  await waiting.close();
  await rm(folder, { recursive: true });
});

test.each(upscaleFactors)("factor %i gives exactly that size", async (factor) => {
  const photo = await readPhoto("cat", { left: 60, top: 40, width: 51, height: 37 });
  const enlarged = await upscaler.upscale(photo, { factor });
  expect([enlarged.width, enlarged.height]).toEqual([51 * factor, 37 * factor]);
  expect(enlarged.pixels).toHaveLength(51 * factor * 37 * factor * 3);
});

test("a closed upscaler loads again when it is used", async () => {
  const again = createUpscaler({ weightsPath, sha256, threads: 1 });
  await again.load();
  await again.close();
  const photo = await readPhoto("cat", { left: 0, top: 0, width: 8, height: 8 });
  await expect(again.upscale(photo, { factor: 4 })).resolves.toMatchObject({ width: 32 });
  await again.close();
});

test("transparency keeps its shape, and hidden black does not darken the edge", async () => {
  const enlarged = await upscaler.upscale(disc(64), { factor: 4 });
  expect(enlarged.channels).toBe(4);
  const at = (x: number, y: number) =>
    enlarged.pixels.subarray((y * 256 + x) * 4, (y * 256 + x) * 4 + 4);
  expect(at(2, 2)[3]).toBe(0);
  expect(at(128, 128)[3]).toBe(255);
  for (let x = 0; x < 256; x += 1) {
    const [red = 0, green = 0, , alpha = 0] = at(x, 128);
    if (alpha === 0) continue;
    expect(red).toBeGreaterThan(225);
    expect(green).toBeGreaterThan(165);
  }
});

test("an enlarged photograph is nearer to the original than a bicubic enlargement", async () => {
  const part = { left: 120, top: 80, width: 256, height: 256 };
  const original = await readPhoto("dogs", part);
  const raw = { width: 256, height: 256, channels: 3 } as const;
  const small = await sharp(original.pixels, { raw })
    .resize(64, 64, { kernel: "cubic" })
    .raw()
    .toBuffer();
  const cubic = await sharp(small, { raw: { ...raw, width: 64, height: 64 } })
    .resize(256, 256, { kernel: "cubic" })
    .raw()
    .toBuffer();
  const ours = await upscaler.upscale(
    { pixels: small, width: 64, height: 64, channels: 3 },
    { factor: 4 },
  );
  expect(squaredError(ours.pixels, original.pixels)).toBeLessThan(
    0.8 * squaredError(cubic, original.pixels),
  );
});

/** A light disc on transparent black. */
function disc(size: number): Picture {
  const pixels = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if (Math.hypot(x - size / 2, y - size / 2) < size / 3)
        pixels.set([240, 180, 60, 255], (y * size + x) * 4);
    }
  }
  return { pixels, width: size, height: size, channels: 4 };
}

function squaredError(first: Uint8Array, second: Uint8Array): number {
  return first.reduce((sum, value, at) => sum + (value - (second[at] ?? 0)) ** 2, 0) / first.length;
}
