import { describe, expect, it } from "vitest";
import { Batcher, type JoinOptions } from "./batcher.ts";
import type { Stepper } from "./stepper.ts";

interface Count {
  readonly name: string;
  readonly steps: number;
  done: number;
}

/** Counts steps, and notes who took which together, and who was finished when. */
function createCounter(cap: number, failing = "") {
  const batches: string[][] = [];
  const finished: string[] = [];
  const stepper: Stepper<{ name: string; steps: number }, Count, string> = {
    prepare: async (request) => ({ ...request, done: 0 }),
    step: async (works) => {
      if (works.some(({ name }) => name === failing)) throw new Error(`${failing} fails`);
      batches.push(works.map(({ name }) => name));
      for (const work of works) work.done += 1;
    },
    finish: async ({ name, done }) => {
      if (name === failing) throw new Error(`${name} fails`);
      finished.push(`${name} after ${batches.length} steps`);
      return `${name} ${done}`;
    },
    stepsDone: ({ done }) => done,
    stepsOf: ({ steps }) => steps,
    save: ({ done }) => Uint8Array.of(done),
    restore: (work, [done = 0]) => {
      work.done = done;
      return true;
    },
  };
  const batcher = new Batcher({ stepper, cap: () => cap });
  const run = (name: string, steps: number, join?: JoinOptions<Count>) =>
    batcher.run({ name, steps }, join);
  return { batcher, batches, finished, run };
}

describe("the batcher", () => {
  it("lets requests with other numbers of steps join and leave, and gives each what it asked for", async () => {
    const { batches, run, batcher } = createCounter(4);
    const first = run("a", 4, {
      onStep: ({ done }) => void (done === 2 && later.push(run("c", 1))),
    });
    const later: Promise<string>[] = [];
    expect(await Promise.all([first, run("b", 2)])).toEqual(["a 4", "b 2"]);
    expect(await Promise.all(later)).toEqual(["c 1"]);
    expect(batches).toEqual([["a", "b"], ["a", "b"], ["a", "c"], ["a"]]);
    expect(batcher.isIdle).toBe(true);
  });

  it("takes no more together than the cap, first come first served", async () => {
    const { batches, run } = createCounter(2);
    await Promise.all([run("a", 2), run("b", 1), run("c", 1)]);
    expect(batches).toEqual([
      ["a", "b"],
      ["a", "c"],
    ]);
  });

  it("sets work aside for a higher priority between two steps, and goes on with it afterwards", async () => {
    const { batches, run } = createCounter(1);
    const urgent: Promise<string>[] = [];
    const onStep = ({ done }: Count) => {
      if (done === 1) urgent.push(run("urgent", 2, { priority: 1 }));
    };
    expect(await run("slow", 3, { onStep })).toBe("slow 3");
    expect(await urgent[0]).toBe("urgent 2");
    expect(batches.flat()).toEqual(["slow", "urgent", "urgent", "slow", "slow"]);
  });

  it("finishes who has taken the last step before anybody takes the next", async () => {
    const { finished, run } = createCounter(2);
    await Promise.all([run("a", 1), run("b", 3), run("c", 1), run("d", 2)]);
    expect(finished).toEqual([
      "a after 1 steps",
      "c after 2 steps",
      "b after 3 steps",
      "d after 4 steps",
    ]);
  });

  it("stops within a step of an abort, hands over the state, and leaves the others alone", async () => {
    const { batches, run } = createCounter(4);
    const abort = new AbortController();
    const states: number[] = [];
    const aborted = run("a", 9, {
      signal: abort.signal,
      onStep: ({ done }) => void (done === 3 && abort.abort(new Error("enough"))),
      onAbort: async (state) => void states.push(...state),
    });
    const other = run("b", 5);
    await expect(aborted).rejects.toThrow("enough");
    expect(await other).toBe("b 5");
    expect(states).toEqual([3]);
    expect(batches.filter((names) => names.includes("a"))).toHaveLength(3);
  });

  it("keeps the state of what is aborted after its last step, so that only the end is left", async () => {
    const { batches, run } = createCounter(1);
    const abort = new AbortController();
    const states: Uint8Array[] = [];
    const aborted = run("a", 2, {
      signal: abort.signal,
      onStep: ({ done }) => void (done === 2 && abort.abort(new Error("enough"))),
      onAbort: async (state) => void states.push(state),
    });
    await expect(aborted).rejects.toThrow("enough");
    expect(await run("a", 2, { resume: states[0] })).toBe("a 2");
    expect(batches).toHaveLength(2);
  });

  it("goes on from the state of an earlier attempt", async () => {
    const { batches, run } = createCounter(4);
    expect(await run("a", 5, { resume: Uint8Array.of(3) })).toBe("a 5");
    expect(batches).toHaveLength(2);
    expect(await run("done", 2, { resume: Uint8Array.of(2) })).toBe("done 2");
    expect(batches).toHaveLength(2);
  });

  it("fails only whom a failed step was about", async () => {
    const { run } = createCounter(4, "bad");
    const results = await Promise.allSettled([run("a", 2), run("bad", 2), run("b", 2)]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    // Nothing is left of it for a step, only for the end.
    await expect(run("bad", 0)).rejects.toThrow("bad fails");
    expect(await run("c", 1)).toBe("c 1");
  });
});
