import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { houseTextToImage, textToImagePartFile, textToImageWeights } from "./index.ts";

const packageDirectory = fileURLToPath(new URL("..", import.meta.url));
const parts = Object.entries(houseTextToImage.parts);

test.each(parts)("the manifest names the %s that is there, byte for byte", async (_name, part) => {
  const file = textToImagePartFile(packageDirectory, part);
  const digest = createHash("sha256")
    .update(await readFile(file))
    .digest("hex");
  expect(digest).toBe(part.sha256);
  expect((await stat(file)).size).toBe(part.sizeBytes);
});

test("the parts stay within 25 MB together", () => {
  expect(textToImageWeights(houseTextToImage).sizeBytes).toBeLessThanOrEqual(25_000_000);
});

test("another part is another identity", () => {
  const { parts, ...rest } = houseTextToImage;
  const other = { ...parts, decoder: { ...parts.decoder, sha256: "0".repeat(64) } };
  expect(textToImageWeights({ ...rest, parts: other }).sha256).not.toBe(
    textToImageWeights(houseTextToImage).sha256,
  );
});
