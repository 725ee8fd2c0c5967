import { execFileSync } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkout, freePort, HeddleProcess, temporaryFolder } from "../support/heddle-process.ts";
import { processesWith } from "../support/processes.ts";

/** Minutes long, since it installs and builds everything; `.ci/run` asks for it. */
const asked = process.env["HEDDLE_TEST_FRESH_CLONE"] === "1";

describe.runIf(asked)("a fresh clone", () => {
  let clone: ReturnType<typeof temporaryFolder>;
  let heddle: HeddleProcess | undefined;

  beforeAll(() => {
    clone = temporaryFolder("heddle-clone-");
    execFileSync("git", [
      "clone",
      "--quiet",
      "--no-hardlinks",
      checkout,
      path.join(clone.path, "heddle"),
    ]);
  });
  afterAll(async () => {
    await heddle?.stop();
    clone.dispose();
  });

  it("needs `npm start` and nothing else, and `npx heddle` works beside it", async () => {
    const place = path.join(clone.path, "heddle");
    heddle = new HeddleProcess({
      checkout: place,
      dataFolder: path.join(place, ".heddle"),
      port: await freePort(),
      command: ["npm", "start", "--silent"],
    });
    await heddle.untilHealthy(900_000);
    const models = execFileSync(
      "npx",
      ["heddle", "models", "list", "--json", "--server", heddle.url],
      {
        cwd: place,
        encoding: "utf8",
      },
    );
    expect(JSON.parse(models)).toHaveProperty("models");
    await heddle.stop();
    expect(processesWith(place)).toEqual([]);
  }, 1_000_000);
});
