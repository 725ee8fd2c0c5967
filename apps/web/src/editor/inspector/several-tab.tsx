"use client";
import { catalog } from "@heddle/catalog";
import { nodeTitle } from "@heddle/core";
import { Button } from "../../ui/button.tsx";
import { useDoc, useSession } from "../session-context.tsx";
import { duplicateSelection, removeSelection, startRun, toggleMode } from "../state/actions.ts";
import { Section } from "./section.tsx";

/** Several nodes are selected: what can be done with all of them. */
export function SeveralTab() {
  const session = useSession();
  const nodes = useDoc((state) => state.document.nodes);
  const selection = useDoc((state) => state.selection);
  const chosen = [...selection].flatMap((id) => {
    const node = nodes[id];
    return node === undefined ? [] : [{ id, title: nodeTitle(node, catalog) }];
  });
  return (
    <Section>
      <h2 className="text-15 font-semibold">{chosen.length} nodes</h2>
      <ul className="mt-1 mb-3 max-h-60 overflow-y-auto text-12 text-ink-2">
        {chosen.map(({ id, title }) => (
          <li key={id} className="truncate">
            {title}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button variant="line" size="small" onClick={() => void startRun(session, "to")}>
          Run to here
        </Button>
        <Button variant="line" size="small" onClick={() => duplicateSelection(session)}>
          Duplicate
        </Button>
        <Button variant="line" size="small" onClick={() => toggleMode(session, "bypassed")}>
          Bypass
        </Button>
        <Button variant="danger" size="small" onClick={() => removeSelection(session)}>
          Delete
        </Button>
      </div>
    </Section>
  );
}
