// Bundles the app in the current folder: workspace packages in, everything from node_modules out.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const workspacePackage = /^@heddle\//;

await build({
  entryPoints: ["src/main.ts"],
  outfile: "dist/main.mjs",
  bundle: true,
  platform: "node",
  target: "node20",
  format: "esm",
  sourcemap: true,
  logLevel: "warning",
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
});
console.log(`built ${JSON.parse(readFileSync("package.json", "utf8")).name}`);
