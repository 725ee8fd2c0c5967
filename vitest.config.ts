import { defineConfig } from "vitest/config";

/** Unit and integration tests; whole journeys are in `e2e/`. */
export default defineConfig({
  test: {
    include: [
      "packages/*/src/**/*.test.{ts,tsx}",
      "apps/*/src/**/*.test.{ts,tsx}",
      "examples/**/*.test.ts",
    ],
    // Starts nothing by itself: the first test that asks for Postgres makes it start.
    globalSetup: ["packages/db/src/testing/global-setup.ts"],
    // Tests use the real Postgres, file system and network sessions; these are bounds, not goals.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ["default"],
  },
});
