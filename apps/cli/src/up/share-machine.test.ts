import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import { shareMachine } from "./share-machine.ts";

const alone = { runners: 1, runnerOps: undefined, databaseUrl: undefined, inherited: {} };
const id = "0123456789abcdef";

describe("the runners of one machine", () => {
  it("have as many threads together as one alone would, and names of their own", () => {
    expect(shareMachine({ ...alone, runners: 3 }, id, 8)).toEqual(
      ["3", "3", "2"].map((threads, index) => ({
        RUNNER_NAME: `${hostname()}-cpu-${index}`,
        RUNNER_THREADS: threads,
      })),
    );
    const crowd = shareMachine({ ...alone, runners: 4 }, id, 2);
    expect(crowd.map(({ RUNNER_THREADS }) => RUNNER_THREADS)).toEqual(["1", "1", "1", "1"]);
  });

  it("are one that chooses for itself, unless something is said", () => {
    expect(shareMachine(alone, id, 8)).toEqual([{}]);
    const databaseUrl = "postgres://db";
    expect(shareMachine({ ...alone, databaseUrl }, id, 8)).toEqual([
      { RUNNER_NAME: `${hostname()}-012345` },
    ]);
  });

  it("keep what the environment says, a metrics port each", () => {
    const inherited = { RUNNER_NAME: "lab", RUNNER_THREADS: "6", RUNNER_METRICS_PORT: "9100" };
    expect(shareMachine({ ...alone, runners: 2, inherited }, id, 8)).toEqual([
      { RUNNER_NAME: "lab-0", RUNNER_THREADS: "6", RUNNER_METRICS_PORT: "9100" },
      { RUNNER_NAME: "lab-1", RUNNER_THREADS: "6", RUNNER_METRICS_PORT: "9101" },
    ]);
  });

  it("do different ops, one list for each, or one for all", () => {
    const opsOf = (runnerOps: string, runners: number) =>
      shareMachine({ ...alone, runners, runnerOps }, id, 8).map(({ RUNNER_OPS }) => RUNNER_OPS);
    expect(opsOf("upscale;-upscale", 2)).toEqual(["upscale", "-upscale"]);
    expect(opsOf("resize", 2)).toEqual(["resize", "resize"]);
    expect(() => opsOf("a;b;c", 2)).toThrow("RUNNER_OPS has 3 lists");
  });
});
