import { describe, expect, it } from "vitest";
import { ago, bytes, dollars, roughSeconds, seconds } from "./amounts.ts";

describe("amounts in words", () => {
  it("seconds read the same from a tenth to minutes", () => {
    expect([0, 20, 400, 2_140, 15_300, 200_000, 240_000].map(seconds)).toEqual([
      "0 s",
      "<0.1 s",
      "0.4 s",
      "2.1 s",
      "15 s",
      "3 min 20 s",
      "4 min",
    ]);
  });

  it("an estimate is never less than a tenth of a second, unless nothing runs", () => {
    expect([0, 20, 2_140].map(roughSeconds)).toEqual(["~0 s", "~0.1 s", "~2.1 s"]);
  });

  it("money is never rounded down to nothing", () => {
    expect([0, 0.0004, 0.00002].map((usd) => dollars(usd))).toEqual(["$0", "$0.0004", "<$0.0001"]);
    expect(dollars(0.00236, 5)).toBe("$0.00236");
  });

  it("bytes and moments are in the unit that reads best", () => {
    const counts = [12, 410_000, 1_234_567, 3_450_000_000];
    expect(counts.map(bytes)).toEqual(["12 B", "410 KB", "1.2 MB", "3.45 GB"]);
    const now = Date.UTC(2026, 10, 23, 12);
    const before = (minutes: number) => ago(new Date(now - minutes * 60_000), now);
    expect([0, 4, 125, 60 * 30].map(before)).toEqual([
      "just now",
      "4 min ago",
      "2 h ago",
      "yesterday",
    ]);
    expect(before(60 * 24 * 11)).toBe("on 12 November");
  });
});
