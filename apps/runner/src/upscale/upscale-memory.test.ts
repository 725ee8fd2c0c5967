import { houseUpscaler4x } from "@heddle/house-models";
import { afterAll, expect, test } from "vitest";
import { createUpscaler } from "./create-upscaler.ts";
import { weightsPath } from "./testing/house-photos.ts";

// Alone in its file: vitest gives a file its own process, and the peak is the process's.
const upscaler = createUpscaler({
  weightsPath,
  sha256: houseUpscaler4x.weights.sha256,
  threads: 2,
});
afterAll(() => upscaler.close());

/** After so many tiles every buffer has been used; the other 153 are more of the same (`bench upscale` runs all). */
const enough = 16;

test("a picture of 2048 × 2048 stays within 1.5 GB of resident memory", async () => {
  const controller = new AbortController();
  const run = upscaler.upscale(
    { pixels: new Uint8Array(2048 * 2048 * 3).fill(120), width: 2048, height: 2048, channels: 3 },
    {
      factor: 4,
      signal: controller.signal,
      onProgress: (done) => {
        if (done === enough) controller.abort(new Error("enough"));
      },
    },
  );
  await expect(run).rejects.toThrow("enough");
  // The part of the output that the remaining tiles would have written to is not resident yet.
  const outputBytes = 8192 * 8192 * 3;
  const peakBytes = process.resourceUsage().maxRSS * 1024 + outputBytes;
  expect(peakBytes).toBeLessThanOrEqual(1.5e9);
});
