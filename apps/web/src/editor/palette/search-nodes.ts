import { catalog } from "@heddle/catalog";
import type { NodeGroup, NodeType } from "@heddle/core";

const all = [...catalog.values()];

/** Node types that fit the words, best first: the very title, then by title, by keyword, by what their help says. */
export function searchNodes(query: string): readonly NodeType[] {
  const words = query
    .trim()
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  if (words.length === 0) return all;
  const whole = words.join(" ");
  return all
    .map((type) => ({
      type,
      score: words.reduce((sum, word) => (sum < 0 ? sum : addScore(sum, scoreOf(type, word))), 0),
    }))
    .filter(({ score }) => score >= 0)
    .sort((a, b) => isTitled(b.type, whole) - isTitled(a.type, whole) || b.score - a.score)
    .map(({ type }) => type);
}

function isTitled(type: NodeType, query: string): number {
  return type.title.toLowerCase() === query ? 1 : 0;
}

function addScore(sum: number, score: number): number {
  return score === 0 ? -1 : sum + score;
}

function scoreOf(type: NodeType, word: string): number {
  const title = type.title.toLowerCase();
  if (title.startsWith(word)) return 8;
  if (title.includes(word)) return 5;
  if (type.keywords.some((keyword) => keyword.toLowerCase().startsWith(word))) return 3;
  return type.help.toLowerCase().includes(word) || type.type.includes(word) ? 1 : 0;
}

export interface PaletteGroup {
  readonly group: NodeGroup;
  readonly title: string;
  readonly types: readonly NodeType[];
}

const titles: Record<NodeGroup, string> = {
  image: "Makes an image",
  video: "Makes a video",
  text: "Makes text",
  number: "Makes a number",
  lora: "Makes a LoRA",
  flow: "Steers the flow",
  output: "Names an output",
};

/** Grouped by what a node makes, in the order of the catalog. */
export function groupNodes(types: readonly NodeType[]): readonly PaletteGroup[] {
  const groups = new Map<NodeGroup, NodeType[]>();
  for (const type of types) {
    const list = groups.get(type.group);
    if (list === undefined) groups.set(type.group, [type]);
    else list.push(type);
  }
  const order: readonly NodeGroup[] = [
    "image",
    "video",
    "text",
    "number",
    "lora",
    "flow",
    "output",
  ];
  return order.flatMap((group) => {
    const found = groups.get(group);
    return found === undefined ? [] : [{ group, title: titles[group], types: found }];
  });
}
