import { expect, it } from "vitest";
import { chooseVictim } from "./choose-victim.ts";
import type { Slot } from "./slot.ts";
import { UseFrequency } from "./use-frequency.ts";

const minuteMs = 60_000;

interface Facts {
  readonly loadMs: number;
  readonly sizeBytes: number;
  /** Moments of use, in minutes. */
  readonly used: readonly number[];
  readonly pins?: number;
  readonly isUnwanted?: boolean;
  readonly isLoaded?: boolean;
  readonly from?: readonly Slot[];
}

function slot(name: string, { used, ...facts }: Facts): Slot {
  const uses = new UseFrequency();
  for (const minute of used) uses.count(minute * minuteMs);
  const label = { name, modelId: name, sha256: "", tier: "ram" } as const;
  const rest = { pins: 0, isUnwanted: false, isLoaded: true, from: [], ...facts };
  return { label, uses, ...rest, fill: async () => {}, empty: async () => {} };
}

const at = (minute: number, ...slots: Slot[]) => chooseVictim(slots, minute * minuteMs)?.label.name;
const usual = { loadMs: 100, sizeBytes: 1000, used: [0] };

it("of two equal ones gives up what is loaded faster, is larger, or is used less", () => {
  const kept = slot("kept", usual);
  expect(at(1, kept, slot("fast", { ...usual, loadMs: 99 }))).toBe("fast");
  expect(at(1, slot("large", { ...usual, sizeBytes: 1001 }), kept)).toBe("large");
  expect(at(1, slot("used twice", { ...usual, used: [0, 0] }), kept)).toBe("kept");
  expect(at(1, slot("older", usual), slot("later", { ...usual, used: [0.5] }))).toBe("older");
});

it("weighs the cost against the use: ten times the cost is worth a tenth of the use", () => {
  const costly = slot("costly", { ...usual, loadMs: 1000 });
  const often = (times: number) =>
    slot("often", { ...usual, used: Array.from({ length: times }, () => 0) });
  expect(at(0, costly, often(9))).toBe("often");
  expect(at(0, costly, often(11))).toBe("costly");
});

it("forgets: what was used much an hour ago is worth less than what was used twice just now", () => {
  const once = slot("once much", { ...usual, used: Array.from({ length: 60 }, () => 0) });
  const now = slot("now", { ...usual, used: [60, 60] });
  expect(at(60, once, now)).toBe("once much");
});

it("counts into the cost what something is made of, where that is gone too", () => {
  const other = slot("other", { ...usual, loadMs: 150 });
  const bytes = (isLoaded: boolean) => slot("bytes", { ...usual, isLoaded, pins: 1 });
  expect(at(0, other, slot("session", { ...usual, from: [bytes(true)] }))).toBe("session");
  expect(at(0, other, slot("session", { ...usual, from: [bytes(false)] }))).toBe("other");
});

it("never gives up what is in use, and first of all what is unwanted", () => {
  const used = slot("used", { ...usual, pins: 1, isUnwanted: true });
  expect(at(0, used)).toBeUndefined();
  const unwanted = slot("unwanted", { ...usual, loadMs: 1e6, isUnwanted: true });
  expect(at(0, used, slot("worthless", { ...usual, loadMs: 0 }), unwanted)).toBe("unwanted");
});
