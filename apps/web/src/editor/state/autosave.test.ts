import type { Document } from "@heddle/core";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  Autosave,
  type AutosaveOptions,
  fingerprintOf,
  type SaveAnswer,
  type SaveState,
} from "./autosave.ts";

const documentOf = (name: string): Document => ({
  heddle: 1,
  name,
  description: "",
  nodes: {},
  edges: [],
  notes: [],
});

/** A page whose edits are counted, and a server that answers as told. */
function harness(
  answer: (base: number, document: Document) => Promise<SaveAnswer>,
  options: Partial<AutosaveOptions> = {},
) {
  const page = { document: documentOf("0"), pending: 0 };
  const states: SaveState["kind"][] = [];
  const saves: { base: number; name: string }[] = [];
  const autosave = new Autosave({
    revision: 1,
    save: (base, document) => {
      saves.push({ base, name: document.name });
      return answer(base, document);
    },
    refusal: (error) => (error instanceof RangeError ? error.message : null),
    current: () => page,
    onAcknowledged: (count) => {
      page.pending -= count;
    },
    onState: (state) => states.push(state.kind),
    onSend: () => undefined,
    ...options,
  });
  const edit = (name: string) => {
    page.document = documentOf(name);
    page.pending += 1;
    autosave.changed();
  };
  return { page, states, saves, autosave, edit };
}

const accept = (base: number) => Promise.resolve<SaveAnswer>({ ok: true, revision: base + 1 });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("autosave", () => {
  it("saves within half a second of the last edit, once for edits in a row", async () => {
    const { edit, saves, states } = harness(accept);
    edit("1");
    await vi.advanceTimersByTimeAsync(100);
    edit("2");
    await vi.advanceTimersByTimeAsync(500);
    expect(saves).toEqual([{ base: 1, name: "2" }]);
    expect(states.at(-1)).toBe("saved");
  });

  it("bases each save on the revision before it", async () => {
    const { edit, saves } = harness(accept);
    edit("1");
    await vi.advanceTimersByTimeAsync(500);
    edit("2");
    await vi.advanceTimersByTimeAsync(500);
    expect(saves.map(({ base }) => base)).toEqual([1, 2]);
  });

  it("saves again what was edited while a save was on its way", async () => {
    const slow = (base: number) =>
      new Promise<SaveAnswer>((resolve) =>
        setTimeout(() => resolve({ ok: true, revision: base + 1 }), 1_000),
      );
    const { edit, saves, page } = harness(slow);
    edit("1");
    await vi.advanceTimersByTimeAsync(600);
    edit("2");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saves).toEqual([
      { base: 1, name: "1" },
      { base: 2, name: "2" },
    ]);
    expect(page.pending).toBe(0);
  });

  it("keeps changes while the server is away, and saves them when it is back", async () => {
    let away = true;
    const { edit, states, page } = harness((base) =>
      away ? Promise.reject(new Error("away")) : accept(base),
    );
    edit("1");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(states.at(-1)).toBe("offline");
    expect(page.pending).toBe(1);
    away = false;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(states.at(-1)).toBe("saved");
    expect(page.pending).toBe(0);
  });

  it("overwrites nothing when somebody else saved first, until the person has chosen", async () => {
    const theirs = documentOf("theirs");
    const { edit, states, saves, autosave } = harness((base) =>
      base === 1
        ? Promise.resolve<SaveAnswer>({ ok: false, revision: 7, document: theirs })
        : accept(base),
    );
    edit("mine");
    await vi.advanceTimersByTimeAsync(500);
    edit("mine too");
    await vi.advanceTimersByTimeAsync(30_000);
    expect(states.at(-1)).toBe("conflict");
    expect(saves).toHaveLength(1);
    autosave.resume(7);
    await vi.advanceTimersByTimeAsync(500);
    expect(saves.at(-1)).toEqual({ base: 7, name: "mine too" });
    expect(states.at(-1)).toBe("saved");
  });

  it("recognises its own save when the answer got lost", async () => {
    const stored = documentOf("1");
    const { edit, states, page } = harness((base) =>
      base === 1
        ? Promise.resolve<SaveAnswer>({ ok: false, revision: 2, document: stored })
        : accept(base),
    );
    edit("1");
    await vi.advanceTimersByTimeAsync(500);
    expect(states).not.toContain("conflict");
    expect(page.pending).toBe(0);
  });

  it("does not try again what the server refuses, and tries the next edit", async () => {
    let refuse = true;
    const { edit, states, saves } = harness((base) =>
      refuse ? Promise.reject(new RangeError("too large")) : accept(base),
    );
    edit("1");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(states.at(-1)).toBe("refused");
    expect(saves).toHaveLength(1);
    refuse = false;
    edit("2");
    await vi.advanceTimersByTimeAsync(500);
    expect(states.at(-1)).toBe("saved");
  });

  it("flushes what is pending before something that needs it, or says why it cannot", async () => {
    const good = harness(accept);
    good.edit("1");
    await good.autosave.flush();
    expect(good.page.pending).toBe(0);
    const bad = harness(() => Promise.reject(new Error("away")));
    bad.edit("1");
    await expect(bad.autosave.flush()).rejects.toThrow("does not answer");
  });

  it("sends nothing in a conflict that was there when the workflow was opened", async () => {
    const theirs = documentOf("theirs");
    const { edit, saves } = harness(accept, { initial: { kind: "conflict", theirs, revision: 4 } });
    edit("mine");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(saves).toEqual([]);
  });
});

describe("the fingerprint of a document", () => {
  it("ignores the order of keys and tells changes", () => {
    const { name, ...rest } = documentOf("a");
    expect(fingerprintOf({ ...rest, name })).toBe(fingerprintOf(documentOf("a")));
    expect(fingerprintOf(documentOf("a"))).not.toBe(fingerprintOf(documentOf("b")));
  });
});
