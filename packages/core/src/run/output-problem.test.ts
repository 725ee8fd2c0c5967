import { describe, expect, it } from "vitest";
import type { Value } from "../media.ts";
import { outputProblem } from "./output-problem.ts";

const text: Value = { media: "text", text: "x" };
const texts: Value = { media: "list", of: "text", items: [{ media: "text", text: "x" }] };
const mixed: Value = { media: "list", of: "number", items: [{ media: "text", text: "x" }] };
const one = { outputs: { out: { media: "text" as const, list: false } } };
const many = { outputs: { out: { media: "text" as const, list: true } } };
const any = { outputs: { out: { media: "any" as const, list: false } } };

describe("outputProblem", () => {
  it("R12: takes what the plan declares, for a step and for an item of a mapped one", () => {
    expect(outputProblem(one, { out: text }, null)).toBeNull();
    expect(outputProblem(many, { out: texts }, null)).toBeNull();
    expect(outputProblem(many, { out: text }, 0)).toBeNull();
    expect(outputProblem(any, { out: text }, null)).toBeNull();
  });

  it("R12: refuses anything else", () => {
    expect(outputProblem(one, {}, null)).toBe("output out is missing");
    expect(outputProblem(one, { out: texts }, null)).toBe("output out is not text");
    expect(outputProblem(many, { out: text }, null)).toBe("output out is not list of text");
    expect(outputProblem(many, { out: texts }, 0)).toBe("output out is not text");
    expect(outputProblem(many, { out: mixed }, null)).toBe("output out is not list of text");
    expect(outputProblem(one, { out: text, more: text }, null)).toBe("there is no output more");
  });
});
