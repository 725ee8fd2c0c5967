/** Parts of documents that several tests send. */

interface Node {
  readonly type: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

/** A document from nodes and wires written as `from.port > to.port`. */
export function documentOf(
  nodes: Readonly<Record<string, Node>>,
  wires: readonly string[],
  name = "Test",
) {
  return {
    heddle: 1,
    name,
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, { type, params = {} }], index) => [
        id,
        { type, params, position: { x: index * 264, y: 0 } },
      ]),
    ),
    edges: wires.map((wire, index) => {
      const ends = /^(\w+)\.(\w+) > (\w+)\.(\w+)$/.exec(wire);
      if (ends === null) throw new Error(`not a wire: ${wire}`);
      const [, fromNode, fromPort, toNode, toPort] = ends;
      return {
        id: `w${index}`,
        from: { node: fromNode, port: fromPort },
        to: { node: toNode, port: toPort },
      };
    }),
  };
}

/** Picture in, smaller picture out. */
export function resizeDocument(name = "Resize it") {
  return documentOf(
    {
      photo: { type: "input-image", params: { name: "image" } },
      smaller: { type: "resize", params: { width: 64, height: 64 } },
      result: { type: "output-image", params: { name: "result" } },
    },
    ["photo.image > smaller.image", "smaller.image > result.value"],
    name,
  );
}

/** Text in, text out, without a runner. */
export function echoDocument(name = "Say it") {
  return documentOf(
    {
      words: { type: "input-text", params: { name: "words", value: "hello" } },
      said: { type: "output-text", params: { name: "said" } },
    },
    ["words.text > said.value"],
    name,
  );
}
