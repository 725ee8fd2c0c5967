import { catalog } from "@heddle/catalog";
import { connectionProblem, type WireEnd } from "@heddle/core";
import type { EditorSession } from "../state/session.ts";
import type { WireDrag } from "../state/ui-store.ts";

/** What is known while a wire is dragged; each port is judged once. */
export function createWireDrag(
  session: EditorSession,
  from: WireEnd,
  side: "input" | "output",
): WireDrag {
  const judged = new Map<string, boolean>();
  const { document } = session.doc.getState();
  return {
    from,
    side,
    can: (node, otherSide, port) => {
      if (otherSide === side) return false;
      const key = `${node}/${port}`;
      const known = judged.get(key);
      if (known !== undefined) return known;
      const other = { node, port };
      const ends = side === "output" ? { from, to: other } : { from: other, to: from };
      const can = connectionProblem(document, catalog, ends) === null;
      judged.set(key, can);
      return can;
    },
  };
}
