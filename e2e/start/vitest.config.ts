import path from "node:path";
import { defineConfig } from "vitest/config";

/** Starting and ending of the real thing, process by process. */
export default defineConfig({
  root: path.resolve(import.meta.dirname, ".."),
  test: {
    include: ["start/**/*.test.ts"],
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // Every test starts servers: one at a time, so that what is measured is the start.
    fileParallelism: false,
  },
});
