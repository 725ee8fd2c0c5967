import { describe, expect, it } from "vitest";
import type { Kept } from "./kept.ts";
import { MemoryBudget, type BudgetEvent } from "./memory-budget.ts";

const limitBytes = 100;

/** A budget of 100 bytes with a clock of its own, on which a load takes as many milliseconds as the value has bytes. */
function useBudget() {
  let nowMs = 0;
  const events: BudgetEvent[] = [];
  const overdrafts: string[] = [];
  const budget = new MemoryBudget({
    limitBytes,
    now: () => nowMs,
    onEvent: (event) => events.push(event),
    onOverdraft: (name) => overdrafts.push(name),
  });
  const loads = new Map<string, number>();
  function keep(name: string, sizeBytes: number, from: Kept<Uint8Array>[] = []): Kept<Uint8Array> {
    const tier = from.length === 0 ? "ram" : "session";
    return budget.keep<Uint8Array>({
      label: { name, modelId: name, sha256: "", tier },
      sizeBytes,
      from,
      load: async () => {
        await Promise.resolve();
        nowMs += sizeBytes;
        loads.set(name, (loads.get(name) ?? 0) + 1);
        return new Uint8Array(sizeBytes);
      },
    });
  }
  const told = () => events.map(({ kind, name }) => `${kind} ${name}`);
  return { budget, keep, loads, events, overdrafts, told, pass: (ms: number) => (nowMs += ms) };
}

async function use(kept: Kept<Uint8Array>): Promise<void> {
  (await kept.acquire()).release();
}

describe("what is kept", () => {
  it("is loaded once for all who ask for it at the same time, and is there for those who come later", async () => {
    const { keep, loads } = useBudget();
    const kept = keep("a", 10);
    const leases = await Promise.all([kept.acquire(), kept.acquire(), kept.acquire()]);
    expect(new Set(leases.map(({ value }) => value)).size).toBe(1);
    expect(leases.map(({ waitedMs }) => waitedMs)).toEqual([10, 10, 10]);
    expect((await kept.acquire()).waitedMs).toBe(0);
    expect(loads.get("a")).toBe(1);
  });

  it("makes room for others, least worth first, and is loaded again when it is asked for", async () => {
    const { keep, told } = useBudget();
    const [a, b, c] = [keep("a", 40), keep("b", 40), keep("c", 40)];
    for (const kept of [a, b, a, c, b]) await use(kept);
    const order = ["loaded a", "loaded b", "evicted b", "loaded c", "evicted c", "loaded b"];
    expect(told()).toEqual(order);
  });

  it("stays while it is in use: a load that needs its room waits until then", async () => {
    const { keep, told } = useBudget();
    const [a, b] = [keep("a", 60), keep("b", 60)];
    const [first, second] = [await a.acquire(), await a.acquire()];
    const waiting = b.acquire();
    first.release();
    first.release();
    await a.acquire().then(({ release }) => release());
    expect(b.isLoaded).toBe(false);
    second.release();
    await waiting;
    expect(told()).toEqual(["loaded a", "evicted a", "loaded b"]);
  });

  it("lets go of a file before the session that is made of it: while that is there, the file is of no use", async () => {
    const { keep, told } = useBudget();
    const session = keep("session", 40, [keep("file", 10)]);
    for (let time = 0; time < 3; time += 1) await use(session);
    await use(keep("other", 55));
    expect(told().slice(-2)).toEqual(["evicted file", "loaded other"]);
  });

  it("falls by a tier: a file is worth as much as its session was, once that is gone", async () => {
    const { keep, told } = useBudget();
    const session = keep("session", 40, [keep("file", 10)]);
    for (let time = 0; time < 5; time += 1) await use(session);
    await session.drop();
    const other = keep("other", 60);
    for (const kept of [other, other, keep("more", 60)]) await use(kept);
    expect(told().slice(-2)).toEqual(["evicted other", "loaded more"]);
  });

  it("is loaded again from what is left of it", async () => {
    const { keep, loads } = useBudget();
    const file = keep("file", 10);
    const session = keep("session", 40, [file]);
    await use(session);
    await session.drop();
    await use(session);
    expect([loads.get("file"), loads.get("session")]).toEqual([1, 2]);
  });

  it("is given up when it is dropped, in use or not, and only then", async () => {
    const { keep, told } = useBudget();
    const a = keep("a", 10);
    const lease = await a.acquire();
    await a.drop();
    expect(a.isLoaded).toBe(true);
    lease.release();
    await a.drop();
    expect(told()).toEqual(["loaded a", "evicted a"]);
  });
});

describe("a load", () => {
  it("that fails is told to all who waited for it, and is tried again by the next", async () => {
    const { budget } = useBudget();
    let times = 0;
    const label = { name: "a", modelId: "a", sha256: "", tier: "ram" } as const;
    const load = async () => {
      times += 1;
      if (times === 1) throw new Error("the disk is gone");
      return times;
    };
    const kept = budget.keep({ label, sizeBytes: 10, load });
    const both = await Promise.allSettled([kept.acquire(), kept.acquire()]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    await expect(kept.acquire()).resolves.toMatchObject({ value: 2 });
    expect(kept.pins).toBe(1);
  });

  it("that waits for room is given up with its signal, and others go on", async () => {
    const { keep, loads } = useBudget();
    const lease = await keep("a", 60).acquire();
    const [abort, large] = [new AbortController(), keep("large", 60)];
    const given = large.acquire({ signal: abort.signal });
    const next = keep("small", 30).acquire();
    abort.abort(new Error("cancelled"));
    await expect(given).rejects.toThrow("cancelled");
    await next;
    lease.release();
    await large.drop();
    expect(loads.get("large")).toBeUndefined();
  });

  it("waits its turn: a small one does not overtake a large one that waits", async () => {
    const { keep, told } = useBudget();
    const lease = await keep("a", 60).acquire();
    const large = keep("large", 60).acquire();
    const small = keep("small", 30).acquire();
    lease.release();
    await Promise.all([large, small]);
    expect(told()).toEqual(["loaded a", "evicted a", "loaded large", "loaded small"]);
  });

  it("of what came as a part of something else is over at once, whoever waits for room meanwhile", async () => {
    const { keep, told } = useBudget();
    const file = keep("file", 10);
    const [session, huge] = [keep("session", 20, [file]), keep("huge", 300)];
    const asked = [session.acquire(), huge.acquire(), file.acquire()];
    for (const lease of [await asked[0], await asked[2]]) lease?.release();
    await asked[1];
    expect(told().at(-1)).toBe("loaded huge");
  });

  it("of somebody who holds another goes over the limit rather than wait for ever, and it is said", async () => {
    const { keep, budget, overdrafts } = useBudget();
    const [a, b] = [keep("a", 60), keep("b", 60)];
    const first = await a.acquire();
    const others = b.acquire();
    const second = await b.acquire({ holdsOthers: true });
    await others;
    expect([budget.totalBytes, overdrafts]).toEqual([120, ["b"]]);
    first.release();
    await budget.settle();
    expect([a.isLoaded, b.isLoaded, budget.totalBytes]).toEqual([false, true, 60]);
    second.release();
  });

  it("of one thing that is larger than the limit is let in alone, and goes when it is used no more", async () => {
    const { keep, budget, overdrafts } = useBudget();
    await use(keep("a", 60));
    const lease = await keep("huge", 300).acquire();
    expect([budget.totalBytes, overdrafts]).toEqual([300, ["huge"]]);
    lease.release();
    await budget.settle();
    expect(budget.totalBytes).toBe(0);
  });
});
