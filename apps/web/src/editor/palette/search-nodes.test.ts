import { catalog } from "@heddle/catalog";
import { describe, expect, it } from "vitest";
import { searchNodes } from "./search-nodes.ts";

describe("searching for a node", () => {
  it("finds a node by its very title first, also where that begins another title", () => {
    const missed = [...catalog.values()].filter(
      ({ title }) => searchNodes(title.toLowerCase())[0]?.title !== title,
    );
    expect(missed.map(({ title }) => title)).toEqual([]);
  });

  it("gives everything for no words, and nothing for words that fit nothing", () => {
    expect(searchNodes("  ")).toHaveLength(catalog.size);
    expect(searchNodes("zzzz")).toEqual([]);
  });
});
