import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { houseStyles, styleAdapterFile, styleAdaptersWeights } from "./index.ts";

const packageDirectory = fileURLToPath(new URL("..", import.meta.url));

test.each(houseStyles.adapters)(
  "the manifest names $file as it is, byte for byte",
  async (adapter) => {
    const bytes = await readFile(styleAdapterFile(packageDirectory, adapter));
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(adapter.sha256);
    expect(bytes.length).toBe(adapter.sizeBytes);
    expect(adapter.file).toBe(`${adapter.id}.safetensors`);
  },
);

test("the manifest names every file; list-adapters.mjs writes it anew", async () => {
  const [first] = houseStyles.adapters;
  const names =
    first === undefined ? [] : await readdir(dirname(styleAdapterFile(packageDirectory, first)));
  const files = houseStyles.adapters.map(({ file }) => file);
  expect(names.filter((name) => name.endsWith(".safetensors")).toSorted()).toEqual(
    files.toSorted(),
  );
});

test("another file is another identity", () => {
  const other = houseStyles.adapters.map((adapter) => ({ ...adapter, sha256: "0".repeat(64) }));
  expect(styleAdaptersWeights(other).sha256).not.toBe(
    styleAdaptersWeights(houseStyles.adapters).sha256,
  );
});
