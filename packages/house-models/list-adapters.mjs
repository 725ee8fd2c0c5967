#!/usr/bin/env node
// Writes weights/adapters/manifest.json from the adapter files beside it: to be run after one was trained or removed.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const folder = new URL("weights/adapters/", import.meta.url);
const adapters = readdirSync(folder)
  .filter((name) => name.endsWith(".safetensors"))
  .toSorted()
  .map((file) => {
    const bytes = readFileSync(new URL(file, folder));
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return { id: file.replace(".safetensors", ""), file, sizeBytes: bytes.length, sha256 };
  });
const manifest = {
  id: "house-styles",
  base: "house-text-to-image",
  licence: "Apache-2.0",
  adapters,
};
writeFileSync(new URL("manifest.json", folder), `${JSON.stringify(manifest, null, 2)}\n`);
