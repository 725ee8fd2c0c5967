import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import {
  houseImageToVideo,
  imageToVideoPartFile,
  imageToVideoWeights,
} from "./image-to-video-model.ts";

const packageDirectory = fileURLToPath(new URL("..", import.meta.url));
const parts = Object.entries(houseImageToVideo.parts);

test.each(parts)("the manifest names the %s that is there, byte for byte", async (_name, part) => {
  const bytes = await readFile(imageToVideoPartFile(packageDirectory, part));
  expect(createHash("sha256").update(bytes).digest("hex")).toBe(part.sha256);
  expect(bytes.length).toBe(part.sizeBytes);
});

test("both parts stay within 12 MB together", () => {
  expect(imageToVideoWeights(houseImageToVideo).sizeBytes).toBeLessThanOrEqual(12_000_000);
});
