// Bundles the app in the current folder: workspace packages in, everything from node_modules out. What runs in a thread of
// its own (`*-thread.mjs`) is a bundle beside it.
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

const workspacePackage = /^@heddle\//;

const options = {
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: true,
  logLevel: "warning",
  metafile: true,
  plugins: [
    {
      name: "keep-node-modules-external",
      setup(plugin) {
        plugin.onResolve({ filter: /^[^./]/ }, (found) =>
          workspacePackage.test(found.path) || found.kind === "entry-point"
            ? undefined
            : { path: found.path, external: true },
        );
      },
    },
  ],
};

const { metafile } = await build({
  ...options,
  entryPoints: ["src/main.ts"],
  outfile: "dist/main.mjs",
});
const folders = new Set(Object.keys(metafile.inputs).map((input) => path.dirname(input)));
for (const folder of folders) {
  const threads = readdirSync(folder).filter((name) => name.endsWith("-thread.mjs"));
  for (const name of threads)
    await build({
      ...options,
      entryPoints: [path.join(folder, name)],
      outfile: path.join("dist", name),
    });
}
console.log(`built ${JSON.parse(readFileSync("package.json", "utf8")).name}`);
