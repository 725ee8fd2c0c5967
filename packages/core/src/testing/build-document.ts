import type { Document, DocumentNode } from "../document.ts";
import type { ArtifactRef } from "../media.ts";

type Sketch = Partial<Omit<DocumentNode, "type">>;

/**
 * A document in two lines: nodes as `{ id: [type, params?, rest?] }`, wires as `"a.image > b.image"`.
 * Positions run left to right in the order of the nodes, a thousand in a row.
 */
export function buildDocument(
  nodes: Readonly<Record<string, readonly [string, DocumentNode["params"]?, Sketch?]>>,
  wires: readonly string[] = [],
): Document {
  const entries = Object.entries(nodes).map(
    ([id, [type, params = {}, rest = {}]], index): [string, DocumentNode] => [
      id,
      {
        type,
        position: { x: (index % 1000) * 240, y: Math.floor(index / 1000) * 240 },
        params,
        mode: "active",
        ports: [],
        ...rest,
      },
    ],
  );
  return {
    heddle: 1,
    name: "test",
    description: "",
    nodes: Object.fromEntries(entries),
    edges: wires.map((wire, index) => {
      const [from = "", to = ""] = wire.split(" > ");
      return { id: `e${index + 1}`, from: end(from), to: end(to) };
    }),
    notes: [],
  };
}

/** The document with one node changed; its wires stay. */
export function changeNode(
  document: Document,
  id: string,
  change: Partial<DocumentNode>,
): Document {
  const node = document.nodes[id];
  if (node === undefined) throw new Error(`there is no node ${id}`);
  return { ...document, nodes: { ...document.nodes, [id]: { ...node, ...change } } };
}

function end(text: string): { node: string; port: string } {
  const [node = "", port = ""] = text.split(".");
  return { node, port };
}

/** An image of 1,000 × 1,000 pixels whose hash is `digit` 64 times. */
export function testImage(digit = "1"): ArtifactRef {
  return {
    sha256: digit.repeat(64),
    contentType: "image/png",
    sizeBytes: 10,
    width: 1000,
    height: 1000,
  };
}
