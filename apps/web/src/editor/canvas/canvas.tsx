"use client";
import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  useReactFlow,
  useStore as useFlow,
} from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import clsx from "clsx";
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import { moveMs } from "../../ui/motion.ts";
import { NodeView } from "../node/node-view.tsx";
import { useSession, useUi } from "../session-context.tsx";
import type { EditorSession } from "../state/session.ts";
import { CanvasTools } from "./canvas-tools.tsx";
import "./canvas.css";
import { DragWire, WireWhy } from "./drag-wire.tsx";
import { EmptyCanvas } from "./empty-canvas.tsx";
import { farness } from "./farness.ts";
import { createFlowStore, type FlowStore } from "./flow-store.ts";
import { QuickAdd, type QuickAddRequest } from "./quick-add.tsx";
import { useCanvasDrop } from "./use-canvas-drop.ts";
import { useNodeChanges } from "./use-node-changes.ts";
import { useWiring } from "./use-wiring.ts";
import { Wire } from "./wire.tsx";

const nodeTypes = { heddle: NodeView };
const edgeTypes = { wire: Wire };
const grid: [number, number] = [8, 8];
const manyKeys = ["Meta", "Control", "Shift"];
/** Above this many nodes only what is in view is drawn. */
const cullFrom = 150;
const wholeView = {
  maxZoom: 1,
  padding: { top: "64px", bottom: "72px", left: "32px", right: "48px" },
} as const;
const fixed = {
  nodeTypes,
  edgeTypes,
  connectionLineComponent: DragWire,
  connectionRadius: 24,
  snapToGrid: true,
  snapGrid: grid,
  minZoom: 0.05,
  maxZoom: 2.5,
  fitView: true,
  fitViewOptions: wholeView,
  deleteKeyCode: null,
  selectionKeyCode: "Shift",
  multiSelectionKeyCode: manyKeys,
};
const mapMask = "color-mix(in srgb, var(--canvas) 70%, transparent)";

/** The canvas: nodes, wires, and what the pointer does with them. */
export function Canvas() {
  const session = useSession();
  const flow = useFlowStore(session);
  const { nodes, wires } = useStore(flow);
  const wiring = useUi((state) => state.wire !== null);
  const far = useFlow(farness);
  const [map, setMap] = useState(false);
  const [quickAdd, setQuickAdd] = useState<QuickAddRequest | null>(null);
  useReveal(session);
  return (
    <main
      className={clsx("canvas relative h-full min-h-0 min-w-0", wiring && "is-wiring")}
      data-far={far}
      aria-label="Canvas"
    >
      <ReactFlow
        nodes={nodes}
        edges={wires}
        {...useNodeChanges(session, flow)}
        {...useWiring(session, setQuickAdd)}
        {...useCanvasDrop(session)}
        {...fixed}
        onlyRenderVisibleElements={nodes.length > cullFrom}
      >
        <Background
          variant={BackgroundVariant.Dots}
          gap={24}
          size={1.5}
          color="var(--canvas-dot)"
        />
        {wiring && <WireWhy />}
        {map && (
          <MiniMap
            pannable
            zoomable
            maskColor={mapMask}
            nodeColor="var(--line-control)"
            bgColor="transparent"
            ariaLabel="Map"
          />
        )}
      </ReactFlow>
      {nodes.length === 0 && <EmptyCanvas />}
      <CanvasTools map={map} onMap={() => setMap(!map)} />
      {quickAdd !== null && <QuickAdd request={quickAdd} onClose={() => setQuickAdd(null)} />}
    </main>
  );
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
    void fitView({ nodes: [{ id: wanted }], maxZoom: 1, duration: moveMs(), padding: 0.5 });
    session.ui.setState({ reveal: null });
  }, [wanted, fitView, session]);
}
