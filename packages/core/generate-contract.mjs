// Writes the runner protocol as JSON Schema into `contract/`. Run it when `src/runner-protocol.ts` changes.
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

const folder = join(import.meta.dirname, "contract");
const bundle = join(import.meta.dirname, "dist", "contract-schemas.mjs");

await build({
  entryPoints: [join(import.meta.dirname, "src", "contract-schemas.ts")],
  outfile: bundle,
  bundle: true,
  platform: "node",
  format: "esm",
  logLevel: "warning",
});
const { contractFiles } = await import(bundle);
await rm(bundle);

await mkdir(folder, { recursive: true });
const files = contractFiles();
for (const name of await readdir(folder)) {
  if (name.endsWith(".json") && !(name in files)) await rm(join(folder, name));
}
for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
console.log(`wrote ${Object.keys(files).length} schemas to contract/`);
