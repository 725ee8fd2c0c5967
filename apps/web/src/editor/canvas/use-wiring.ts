"use client";
import { catalog } from "@heddle/catalog";
import { connectionProblem } from "@heddle/core";
import {
  type Connection,
  type FinalConnectionState,
  type OnConnectStartParams,
  useReactFlow,
} from "@xyflow/react";
import { useMemo } from "react";
import { connect } from "../state/actions.ts";
import { newId } from "../state/new-id.ts";
import type { EditorSession } from "../state/session.ts";
import type { FlowWire } from "./flow-elements.ts";
import type { QuickAddRequest } from "./quick-add.tsx";
import { createWireDrag } from "./wire-drag.ts";
import { wireEnds } from "./wire-ends.ts";

/** Drawing a wire: what may take it, what happens where it is let go. `ask`: it was let go over empty canvas. */
export function useWiring(session: EditorSession, ask: (request: QuickAddRequest) => void) {
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(
    () => ({
      isValidConnection: (connection: Connection | FlowWire) => {
        const ends = endsOf(connection);
        return (
          ends !== null &&
          connectionProblem(session.doc.getState().document, catalog, ends) === null
        );
      },
      onConnect: (connection: Connection) => {
        const ends = endsOf(connection);
        if (ends !== null) connect(session, ends.from, ends.to);
      },
      onConnectStart: (_event: unknown, { nodeId, handleId, handleType }: OnConnectStartParams) => {
        if (nodeId === null || handleId === null || handleType === null) return;
        const side = handleType === "source" ? "output" : "input";
        session.ui.setState({
          wire: createWireDrag(session, { node: nodeId, port: handleId }, side),
        });
      },
      onConnectEnd: (event: MouseEvent | TouchEvent, { toHandle }: FinalConnectionState) => {
        const { wire } = session.ui.getState();
        session.ui.setState({ wire: null });
        const point = "clientX" in event ? event : event.changedTouches[0];
        if (wire === null || toHandle !== null || point === undefined) return;
        if (
          !(event.target instanceof Element) ||
          event.target.closest(".react-flow__pane") === null
        )
          return;
        const screen = { x: point.clientX, y: point.clientY };
        ask({ wire, screen, at: screenToFlowPosition(screen) });
      },
      onReconnect: (old: FlowWire, connection: Connection) => {
        const ends = endsOf(connection);
        if (ends === null) return;
        const added = { id: newId("wire"), ...ends };
        const edits = [
          { type: "removeEdges", edgeIds: [old.id] },
          { type: "addEdges", edges: [added] },
        ] as const;
        session.doc.edit({ type: "batch", edits });
      },
    }),
    [session, ask, screenToFlowPosition],
  );
}

function endsOf({ source, sourceHandle, target, targetHandle }: Connection | FlowWire) {
  return wireEnds(
    { nodeId: source, id: sourceHandle ?? null, type: "source" },
    { nodeId: target, id: targetHandle ?? null, type: "target" },
  );
}
