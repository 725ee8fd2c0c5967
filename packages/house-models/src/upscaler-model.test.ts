import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { houseModelFile, houseUpscaler4x } from "./index.ts";

const packageDirectory = fileURLToPath(new URL("..", import.meta.url));

test("the manifest names the weights that are there, byte for byte", async () => {
  const file = houseModelFile(packageDirectory, houseUpscaler4x);
  const digest = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  expect(digest).toBe(houseUpscaler4x.weights.sha256);
  expect((await stat(file)).size).toBe(houseUpscaler4x.weights.sizeBytes);
});

test("the weights stay within 4 MB", () => {
  expect(houseUpscaler4x.weights.sizeBytes).toBeLessThanOrEqual(4_000_000);
});

test("the recommended margin leaves most of a tile", () => {
  expect(houseUpscaler4x.overlap).toBeLessThanOrEqual(houseUpscaler4x.receptiveRadius);
  expect(2 * houseUpscaler4x.overlap).toBeLessThan(houseUpscaler4x.tile / 2);
});

test("on photographs it never saw it beat bicubic when it was exported, however they were made small", () => {
  for (const gain of Object.values(houseUpscaler4x.training.psnrGainOverBicubicDb)) {
    expect(gain).toBeGreaterThanOrEqual(0.5);
  }
});
