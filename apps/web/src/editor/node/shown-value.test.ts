import { catalog } from "@heddle/catalog";
import type { LinkedValue } from "@heddle/api";
import { describe, expect, it } from "vitest";
import type { NodeResult } from "../state/run-state.ts";
import { shownValue } from "./shown-value.ts";

const artifact = { sha256: "ab", contentType: "", sizeBytes: 1, url: "/a/ab" };
const lora: LinkedValue = { media: "lora", artifact };
const samples = (count: number): LinkedValue => ({
  media: "list",
  of: "image",
  items: Array.from({ length: count }, () => ({ media: "image", artifact })),
});

function shownOf(type: string, outputs: NodeResult["outputs"]) {
  const result = { outputs } as NodeResult;
  return shownValue(catalog.get(type), result);
}

describe("what a node shows of its result", () => {
  it("is its pictures where it makes something else besides", () => {
    expect(shownOf("train-lora", { lora, samples: samples(4) })).toEqual(samples(4));
  });

  it("is its first output where there is nothing to look at", () => {
    expect(shownOf("train-lora", { lora, samples: samples(0) })).toEqual(lora);
    expect(shownOf("style-lora", { lora })).toEqual(lora);
  });

  it("is nothing while there is no result", () => {
    expect(shownValue(catalog.get("train-lora"), null)).toBeUndefined();
  });
});
