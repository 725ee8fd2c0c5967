import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { oneOf } from "../outputs.ts";
import { anyList } from "../ports.ts";
import { itemAt, noSuchItem, positionParam } from "../position.ts";
import { gives, refuses } from "../values.ts";

export const pick = defineNode({
  type: "pick",
  version: 1,
  title: "Pick from list",
  group: "flow",
  help: "Takes one item out of a list.",
  example: "Of eight variations, position 3 goes on to Upscale; position -1 is the last.",
  keywords: ["index", "item", "choose", "first", "last", "select"],
  inputs: { items: anyList({ label: "List" }) },
  params: z.strictObject({ position: positionParam() }),
  outputs: { item: oneOf("items", "Item") },
  evaluate: ({ items: { items }, position }) => {
    const found = itemAt(items, position);
    return found === undefined
      ? refuses(noSuchItem(position, items.length), items.length === 0 ? "items" : "position")
      : gives({ item: found });
  },
});
