"use client";
import type { Position as Point } from "@heddle/core";
import type { EdgeChange, NodeChange } from "@xyflow/react";
import { useMemo } from "react";
import type { EditorSession } from "../state/session.ts";
import type { FlowNode, FlowWire } from "./flow-elements.ts";
import type { FlowStore } from "./flow-store.ts";

type Changes = readonly (NodeChange<FlowNode> | EdgeChange<FlowWire>)[];

/** What React Flow tells of selecting and moving, as edits of the document. */
export function useNodeChanges(session: EditorSession, flow: FlowStore) {
  return useMemo(() => {
    const move = createMover(session, flow);
    return {
      onNodesChange: (changes: NodeChange<FlowNode>[]) => {
        const { selection, selectedWires } = session.doc.getState();
        if (changes.some(isSelect))
          session.doc.select(selectedBy(changes, selection), selectedWires);
        move(changes);
      },
      onEdgesChange: (changes: EdgeChange<FlowWire>[]) => {
        const { selection, selectedWires } = session.doc.getState();
        if (changes.some(isSelect))
          session.doc.select(selection, selectedBy(changes, selectedWires));
      },
    };
  }, [session, flow]);
}

/** While nodes are dragged only the picture moves; the document changes once, at the end. */
function createMover({ doc }: EditorSession, flow: FlowStore) {
  let dragged: Map<string, Point> | null = null;
  return (changes: readonly NodeChange<FlowNode>[]) => {
    const moved = changes.flatMap((change) =>
      change.type === "position" && change.position !== undefined
        ? [{ id: change.id, position: change.position, dragging: change.dragging === true }]
        : [],
    );
    if (moved.length === 0) return;
    const positions = new Map(dragged ?? []);
    for (const { id, position } of moved) positions.set(id, position);
    if (moved.some(({ dragging }) => dragging)) {
      dragged = positions;
      return flow.drag(positions);
    }
    // Moved by keys, not by hand: presses in a row are one step of undo.
    const merge = dragged === null ? { merge: `nudge ${[...positions.keys()].join(" ")}` } : {};
    dragged = null;
    flow.drag(null);
    doc.edit({ type: "moveNodes", positions: Object.fromEntries(positions) }, merge);
  };
}

function isSelect({ type }: Changes[number]): boolean {
  return type === "select";
}

function selectedBy(changes: Changes, before: ReadonlySet<string>): ReadonlySet<string> {
  const next = new Set(before);
  for (const change of changes) {
    if (change.type !== "select") continue;
    if (change.selected) next.add(change.id);
    else next.delete(change.id);
  }
  return next;
}
