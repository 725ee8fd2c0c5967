import { defineConfig, devices } from "@playwright/test";

/** Journeys through the whole of Heddle, in Chromium, on a server that `support/start-server.ts` really starts. */
export default defineConfig({
  testDir: "journeys",
  testMatch: "**/*.test.ts",
  globalSetup: "./support/start-server.ts",
  outputDir: "../test-results/browser",
  reporter: [["list"], ["json", { outputFile: "../test-results/browser.json" }]],
  timeout: 60_000,
  expect: { timeout: 15_000 },
  // One server and two cores: journeys in parallel would measure each other.
  workers: 1,
  forbidOnly: process.env["CI"] !== undefined,
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1440, height: 900 },
    baseURL: process.env["HEDDLE_E2E_URL"] ?? "",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
});
