import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BatchProfile } from "./batch-profile.ts";
import { measureSteps } from "./measure-steps.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "heddle-profile-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const times = [
  { rows: 1, ms: 60 },
  { rows: 2, ms: 80 },
];

describe("the profile of batches", () => {
  it("is there for the next process", async () => {
    const file = join(directory, "deeper", "profile.json");
    const first = new BatchProfile(file);
    await first.load();
    expect([first.has("a"), first.capOf("a", 9)]).toEqual([false, 1]);
    await first.keep("a", times);
    const second = new BatchProfile(file);
    await second.load();
    expect([second.has("a"), second.capOf("a", 9), second.has("b")]).toEqual([true, 2, false]);
    expect(await readdir(join(directory, "deeper"))).toEqual(["profile.json"]);
  });

  it("counts as empty when its file is damaged, and is done without where it cannot be written", async () => {
    const file = join(directory, "profile.json");
    await writeFile(file, '{"a": [{"rows": -1}]}');
    const profile = new BatchProfile(join(file, "below-a-file"));
    await profile.load();
    await profile.keep("a", times);
    expect(profile.capOf("a", 9)).toBe(2);
    const damaged = new BatchProfile(file);
    await damaged.load();
    expect(damaged.has("a")).toBe(false);
  });
});

describe("measuring", () => {
  it("gives way to whoever wants the device, and takes turns between the sizes", async () => {
    const steps: number[] = [];
    let busy = 2;
    const measured = await measureSteps({
      sizes: [1, 2, 4, 8],
      step: async (rows) => void steps.push(rows),
      isIdle: () => (busy -= 1) < 0,
    });
    expect(busy).toBeLessThan(0);
    expect(measured.map(({ rows }) => rows)).toEqual([1, 2, 4, 8]);
    expect(steps).toEqual(Array.from({ length: 6 }, () => [1, 2, 4, 8]).flat());
  });

  it("takes no steps that would hold up for long who comes meanwhile", async () => {
    const sleepless = (ms: number) => {
      const until = performance.now() + ms;
      while (performance.now() < until);
    };
    let isFirst = true;
    const measured = await measureSteps({
      sizes: [1, 2, 4, 8],
      step: async (rows) => {
        if (rows === 2 && isFirst) {
          isFirst = false;
          sleepless(510);
        }
      },
      isIdle: () => true,
    });
    expect(measured.map(({ rows }) => rows)).toEqual([1, 2]);
  });

  it("ends when it is aborted", async () => {
    const signal = AbortSignal.abort(new Error("the runner stops"));
    const measuring = measureSteps({
      sizes: [1, 2],
      step: async () => {},
      isIdle: () => true,
      signal,
    });
    await expect(measuring).rejects.toThrow("the runner stops");
  });
});
