"use client";
import { useMemo } from "react";
import { useDocument } from "../session-context.tsx";
import { runOrder } from "../state/graph.ts";
import { OutlineNode } from "./outline-node.tsx";

/** The same document as a list in the order in which it runs: the whole editor on a phone, by keyboard, by screen reader. */
export function Outline() {
  const document = useDocument();
  const order = useMemo(() => runOrder(document), [document]);
  if (order.length === 0) {
    return <p className="p-4 text-ink-2">Nothing here yet. Add the first node below.</p>;
  }
  return (
    <ol aria-label="Nodes, in the order in which they run" className="border-b border-line">
      {order.map((id) => (
        <OutlineNode key={id} nodeId={id} />
      ))}
    </ol>
  );
}
