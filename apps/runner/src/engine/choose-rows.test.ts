import { describe, expect, it } from "vitest";
import { chooseRows } from "./choose-rows.ts";

const waiting = (arrival: number, priority = 0, sinceMs = 0) => ({ arrival, priority, sinceMs });
const arrivals = (rows: readonly { arrival: number }[]) => rows.map(({ arrival }) => arrival);

describe("who takes the next step", () => {
  it("are those who came first, as many as fit", () => {
    const members = [waiting(3), waiting(1), waiting(2)];
    expect(arrivals(chooseRows(members, { cap: 2, nowMs: 0 }))).toEqual([1, 2]);
  });

  it("are those of a higher priority before them, whoever has begun", () => {
    const members = [waiting(1), waiting(2), waiting(3, 1)];
    expect(arrivals(chooseRows(members, { cap: 2, nowMs: 0 }))).toEqual([3, 1]);
  });

  it("is also who has waited long enough behind a higher priority", () => {
    const members = [waiting(1, 0, 0), waiting(2, 1, 19_000)];
    expect(arrivals(chooseRows(members, { cap: 1, nowMs: 19_000 }))).toEqual([2]);
    expect(arrivals(chooseRows(members, { cap: 1, nowMs: 21_000 }))).toEqual([1]);
  });

  it("is one at least", () => {
    expect(chooseRows([waiting(1)], { cap: 0, nowMs: 0 })).toHaveLength(1);
    expect(chooseRows([], { cap: 4, nowMs: 0 })).toEqual([]);
  });
});
