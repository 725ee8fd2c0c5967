"use client";
import { catalog } from "@heddle/catalog";
import { connectionProblem, type Position as Point } from "@heddle/core";
import {
  Background,
  BackgroundVariant,
  type Connection,
  type EdgeChange,
  MiniMap,
  type NodeChange,
  ReactFlow,
  useReactFlow,
  useStore as useFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import clsx from "clsx";
import { type DragEvent, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { NodeView } from "../node/node-view.tsx";
import { useSession, useUi } from "../session-context.tsx";
import { addNode, connect } from "../state/actions.ts";
import { newId } from "../state/new-id.ts";
import type { EditorSession } from "../state/session.ts";
import { CanvasTools } from "./canvas-tools.tsx";
import "./canvas.css";
import { DragWire, WireWhy } from "./drag-wire.tsx";
import { EmptyCanvas } from "./empty-canvas.tsx";
import { createFlowStore, type FlowNode, type FlowStore, type FlowWire } from "./flow-store.ts";
import { QuickAdd, type QuickAddRequest } from "./quick-add.tsx";
import { Wire } from "./wire.tsx";
import { wireEnds } from "./wire-ends.ts";
import { createWireDrag } from "./wire-drag.ts";

const nodeTypes = { heddle: NodeView };
const edgeTypes = { wire: Wire };
const grid: [number, number] = [8, 8];
/** Above this many nodes only what is in view is drawn. */
const cullFrom = 150;
export const nodeDragType = "application/x-heddle-node";

/** The canvas: nodes, wires, and what the pointer does with them. */
export function Canvas() {
  const session = useSession();
  const flow = useFlowStore(session);
  const { nodes, wires } = useStore(flow);
  const wiring = useUi((state) => state.wire !== null);
  const far = useFlow(farness);
  const [map, setMap] = useState(false);
  const [quickAdd, setQuickAdd] = useState<QuickAddRequest | null>(null);
  const handlers = useCanvasHandlers(session, flow, setQuickAdd);
  useReveal(session);
  return (
    <main
      className={clsx("canvas relative h-full min-h-0", wiring && "is-wiring")}
      data-far={far}
      aria-label="Canvas"
      onDragOver={(event) => {
        if (event.dataTransfer.types.includes(nodeDragType)) event.preventDefault();
      }}
      onDrop={handlers.onDrop}
    >
      <ReactFlow
        nodes={nodes}
        edges={wires}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={handlers.onNodesChange}
        onEdgesChange={handlers.onEdgesChange}
        onConnect={handlers.onConnect}
        onConnectStart={handlers.onConnectStart}
        onConnectEnd={handlers.onConnectEnd}
        onReconnect={handlers.onReconnect}
        isValidConnection={handlers.isValidConnection}
        connectionLineComponent={DragWire}
        connectionRadius={24}
        snapToGrid
        snapGrid={grid}
        minZoom={0.05}
        maxZoom={2.5}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: { top: "64px", bottom: "72px", left: "32px", right: "48px" } }}
        deleteKeyCode={null}
        selectionKeyCode="Shift"
        multiSelectionKeyCode={["Meta", "Control", "Shift"]}
        onlyRenderVisibleElements={nodes.length > cullFrom}
        elevateNodesOnSelect={false}
        proOptions={{ hideAttribution: true }}
      >
        <Background variant={BackgroundVariant.Dots} gap={24} size={1.5} color="var(--canvas-dot)" />
        <WireWhy />
        {map && <MiniMap pannable zoomable maskColor="color-mix(in srgb, var(--canvas) 70%, transparent)" nodeColor="var(--line-control)" bgColor="transparent" ariaLabel="Map" />}
      </ReactFlow>
      {nodes.length === 0 && <EmptyCanvas />}
      <CanvasTools map={map} onMap={() => setMap(!map)} />
      {quickAdd !== null && <QuickAdd request={quickAdd} onClose={() => setQuickAdd(null)} />}
    </main>
  );
}

/** Thresholds, not the zoom itself: the canvas renders again only when one is crossed. */
function farness({ transform }: { readonly transform: [number, number, number] }): "here" | "near" | "far" {
  return transform[2] < 0.3 ? "far" : transform[2] < 0.6 ? "near" : "here";
}

function useFlowStore(session: EditorSession): FlowStore {
  const flow = useMemo(() => createFlowStore(session), [session]);
  useEffect(() => flow.start(), [flow]);
  return flow;
}

/** Brings a node into view when something asks for it. */
function useReveal(session: EditorSession): void {
  const wanted = useUi((state) => state.reveal);
  const { fitView } = useReactFlow();
  useEffect(() => {
    if (wanted === null) return;
    void fitView({ nodes: [{ id: wanted }], maxZoom: 1, duration: 200, padding: 0.5 });
    session.ui.setState({ reveal: null });
  }, [wanted, fitView, session]);
}

function useCanvasHandlers(session: EditorSession, flow: FlowStore, ask: (request: QuickAddRequest | null) => void) {
  const { screenToFlowPosition } = useReactFlow();
  const drag = useRef<Map<string, Point> | null>(null);
  return useMemo(() => {
    const selectBy = (changes: readonly (NodeChange<FlowNode> | EdgeChange<FlowWire>)[], chosen: ReadonlySet<string>) => {
      const next = new Set(chosen);
      for (const change of changes) {
        if (change.type !== "select") continue;
        if (change.selected) next.add(change.id);
        else next.delete(change.id);
      }
      return next;
    };
    const move = (changes: readonly NodeChange<FlowNode>[]) => {
      const moved = changes.flatMap((change) => (change.type === "position" && change.position ? [{ ...change, position: change.position }] : []));
      if (moved.length === 0) return;
      const positions = new Map(drag.current ?? []);
      for (const { id, position } of moved) positions.set(id, position);
      const dragging = moved.some((change) => change.dragging === true);
      const ended = drag.current !== null;
      drag.current = dragging ? positions : null;
      if (dragging) return flow.drag(positions);
      flow.drag(null);
      const merge = ended ? {} : { merge: `nudge ${[...positions.keys()].join(" ")}` };
      session.doc.edit({ type: "moveNodes", positions: Object.fromEntries(positions) }, merge);
    };
    return {
      onNodesChange: (changes: NodeChange<FlowNode>[]) => {
        const { selection, selectedWires } = session.doc.getState();
        if (changes.some(({ type }) => type === "select")) session.doc.select(selectBy(changes, selection), selectedWires);
        move(changes);
      },
      onEdgesChange: (changes: EdgeChange<FlowWire>[]) => {
        const { selection, selectedWires } = session.doc.getState();
        if (changes.some(({ type }) => type === "select")) session.doc.select(selection, selectBy(changes, selectedWires));
      },
      isValidConnection: (connection: Connection | FlowWire) => {
        const ends = endsOf(connection);
        return ends !== null && connectionProblem(session.doc.getState().document, catalog, ends) === null;
      },
      onConnect: (connection: Connection) => {
        const ends = endsOf(connection);
        if (ends !== null) connect(session, ends.from, ends.to);
      },
      onConnectStart: (_event: unknown, start: { nodeId: string | null; handleId: string | null; handleType: "source" | "target" | null }) => {
        if (start.nodeId === null || start.handleId === null || start.handleType === null) return;
        const side = start.handleType === "source" ? "output" : "input";
        session.ui.setState({ wire: createWireDrag(session, { node: start.nodeId, port: start.handleId }, side) });
      },
      onConnectEnd: (event: MouseEvent | TouchEvent, state: { readonly toHandle: unknown }) => {
        const { wire } = session.ui.getState();
        session.ui.setState({ wire: null });
        const point = "clientX" in event ? event : event.changedTouches[0];
        if (wire === null || state.toHandle !== null || point === undefined) return;
        const onPane = event.target instanceof Element && event.target.closest(".react-flow__pane") !== null;
        const at = screenToFlowPosition({ x: point.clientX, y: point.clientY });
        if (onPane) ask({ wire, screen: { x: point.clientX, y: point.clientY }, at });
      },
      onReconnect: (old: FlowWire, connection: Connection) => {
        const ends = endsOf(connection);
        if (ends === null) return;
        const added = { id: newId("wire"), ...ends };
        session.doc.edit({ type: "batch", edits: [{ type: "removeEdges", edgeIds: [old.id] }, { type: "addEdges", edges: [added] }] });
      },
      onDrop: (event: DragEvent) => {
        const type = event.dataTransfer.getData(nodeDragType);
        if (type === "") return;
        event.preventDefault();
        const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
        addNode(session, type, { x: at.x - 104, y: at.y - 24 });
      },
    };
  }, [session, flow, ask, screenToFlowPosition]);
}

function endsOf(connection: Connection | FlowWire) {
  return wireEnds(
    { nodeId: connection.source, id: connection.sourceHandle ?? null, type: "source" },
    { nodeId: connection.target, id: connection.targetHandle ?? null, type: "target" },
  );
}
