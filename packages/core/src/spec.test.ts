// oxlint-disable-next-line eslint/no-restricted-imports -- the files that this test compares
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const source = new URL("./", import.meta.url);

function ruleNumbers(text: string): string[] {
  return [...text.matchAll(/\b[A-Z]\d+\b/g)].map(([number]) => number);
}

/** `R1–R4` names four rules. */
function namedRules(title: string): string[] {
  const ranges = [...title.matchAll(/\b([A-Z])(\d+)–[A-Z](\d+)\b/g)].flatMap(
    ([, letter, first, last]) =>
      Array.from(
        { length: Number(last) - Number(first) + 1 },
        (_, index) => `${letter}${Number(first) + index}`,
      ),
  );
  return [...ranges, ...ruleNumbers(title)];
}

describe("SPEC.md", () => {
  it("holds the rules that tests name, and every rule is named by a test", () => {
    const spec = readFileSync(new URL("../SPEC.md", source), "utf8");
    const rules = [...spec.matchAll(/^- \*\*([A-Z]\d+)\*\*/gm)].map(([, number]) => number);
    expect(new Set(rules).size).toBe(rules.length);
    const tests = readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".test.ts") && name !== "spec.test.ts")
      .map((name) => readFileSync(new URL(name, source), "utf8"));
    const titles = tests.flatMap((text) =>
      [...text.matchAll(/\bit\(\s*"([A-Z]\d[^:]*):/g)].flatMap(([, title = ""]) =>
        namedRules(title),
      ),
    );
    expect(new Set(titles)).toEqual(new Set(rules));
  });
});
