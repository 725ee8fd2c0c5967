// `npm run bench -- <name> [--json]`: bundles the benchmarks as they are now, then runs one.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const build = spawnSync(process.execPath, ["../../build-app.mjs"], {
  cwd: here,
  stdio: ["ignore", "ignore", "inherit"],
});
if (build.status !== 0) process.exit(1);
const run = spawnSync(
  process.execPath,
  ["--expose-gc", "dist/main.mjs", ...process.argv.slice(2)],
  {
    cwd: here,
    stdio: "inherit",
  },
);
process.exit(run.status ?? 1);
