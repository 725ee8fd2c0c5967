import { catalog } from "@heddle/catalog";
import type { Document, DocumentEdge, DocumentNode, NodeType, PortType, Position as Point } from "@heddle/core";
import { type Edge, type Node, type NodeHandle, Position } from "@xyflow/react";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { DocumentState } from "../state/document-store.ts";
import { portsSignature, typesOf } from "../state/graph.ts";
import type { NodeResult, RunsState } from "../state/run-state.ts";
import type { EditorSession } from "../state/session.ts";
import { layoutNode, type NodeLayout, shapeOf, shapeOfFiles, square, valueField } from "./node-layout.ts";

export type NodeData = { readonly layout: NodeLayout | null };
export type FlowNode = Node<NodeData, "heddle">;
export type WireData = { readonly type: PortType; readonly passes: boolean };
export type FlowWire = Edge<WireData, "wire">;

export interface FlowState {
  readonly nodes: FlowNode[];
  readonly wires: FlowWire[];
}

export interface FlowStore extends StoreApi<FlowState> {
  /** Where nodes are while they are being dragged; null: where the document says. */
  readonly drag: (positions: ReadonlyMap<string, Point> | null) => void;
  readonly start: () => () => void;
}

/** Half of the 24-px area that catches the pointer around a port. */
export const portReach = 12;

interface Made {
  readonly node: DocumentNode;
  readonly signature: string;
  readonly result: NodeResult | null;
  readonly selected: boolean;
  readonly flow: FlowNode;
}

/** The document as React Flow wants it. What does not change keeps its identity, so that only what changed renders. */
export function createFlowStore({ doc, runs }: Pick<EditorSession, "doc" | "runs">): FlowStore {
  const made = new Map<string, Made>();
  const madeWires = new Map<string, { readonly edge: DocumentEdge; readonly key: string; readonly flow: FlowWire }>();
  let dragged: ReadonlyMap<string, Point> | null = null;

  const build = (): FlowState => {
    const state = doc.getState();
    return { nodes: buildNodes(state, runs.getState()), wires: buildWires(state) };
  };
  const buildNodes = (state: DocumentState, { nodes: ran }: RunsState): FlowNode[] => {
    const { document, selection } = state;
    const types = typesOf(document);
    const wired = wiredOutputs(document);
    const entries = Object.entries(document.nodes);
    if (made.size > entries.length) for (const id of made.keys()) if (!Object.hasOwn(document.nodes, id)) made.delete(id);
    return entries.map(([id, node]) => {
      const ports = types.get(id);
      const outputs = wired.get(id) ?? noOutputs;
      const signature = `${portsSignature(ports)}|${[...outputs].join()}`;
      const result = ran[id]?.result ?? null;
      const selected = selection.has(id);
      const old = made.get(id);
      if (old?.node === node && old.signature === signature && old.result === result && old.selected === selected) {
        return dragged === null ? old.flow : atPosition(old.flow, dragged.get(id));
      }
      const type = catalog.get(node.type);
      const layout =
        type === undefined || ports === undefined
          ? null
          : layoutNode({ node, type, ports, shape: shownShape(node, type, result), wiredOutputs: outputs });
      const flow = flowNode({ id, node, selected, layout: sameLayout(old?.flow.data.layout, layout) });
      made.set(id, { node, signature, result, selected, flow });
      return dragged === null ? flow : atPosition(flow, dragged.get(id));
    });
  };
  const buildWires = ({ document, selectedWires }: DocumentState): FlowWire[] => {
    const types = typesOf(document);
    return document.edges.map((edge) => {
      const output = types.get(edge.from.node)?.outputs.find(({ name }) => name === edge.from.port);
      const type: PortType = output?.type ?? { media: "any", list: false };
      const passes = document.nodes[edge.from.node]?.mode === "bypassed";
      const selected = selectedWires.has(edge.id);
      const key = `${type.media} ${type.list} ${passes} ${selected}`;
      const old = madeWires.get(edge.id);
      if (old?.edge === edge && old.key === key) return old.flow;
      const flow = flowWire(edge, { type, passes }, selected);
      madeWires.set(edge.id, { edge, key, flow });
      return flow;
    });
  };

  const store = createStore<FlowState>(build);
  return {
    ...store,
    drag: (positions) => {
      dragged = positions;
      store.setState({ nodes: buildNodes(doc.getState(), runs.getState()) });
    },
    start: () => {
      const stopDoc = doc.subscribe(() => store.setState(build()));
      const stopRuns = runs.subscribe((now, before) => {
        if (resultsDiffer(now, before)) store.setState({ nodes: buildNodes(doc.getState(), now) });
      });
      return () => {
        stopDoc();
        stopRuns();
      };
    },
  };
}

const noOutputs: ReadonlySet<string> = new Set();

function wiredOutputs(document: Document): ReadonlyMap<string, ReadonlySet<string>> {
  const wired = new Map<string, Set<string>>();
  for (const { from } of document.edges) {
    const set = wired.get(from.node);
    if (set === undefined) wired.set(from.node, new Set([from.port]));
    else set.add(from.port);
  }
  return wired;
}

function resultsDiffer(now: RunsState, before: RunsState): boolean {
  if (now.nodes === before.nodes) return false;
  return Object.entries(now.nodes).some(([id, run]) => run !== before.nodes[id] && run.result !== before.nodes[id]?.result);
}

function shownShape(node: DocumentNode, type: NodeType, result: NodeResult | null) {
  const value = valueField(type);
  if (value?.widget === "file" || value?.widget === "files") return shapeOfFiles(node.params["value"] ?? null);
  const first = type.outputs[0]?.name;
  return result === null || first === undefined ? square : shapeOf(result.outputs[first]);
}

/** The old layout where it says the same: parameters and titles change more often than sizes. */
function sameLayout(old: NodeLayout | null | undefined, next: NodeLayout | null): NodeLayout | null {
  return old !== undefined && JSON.stringify(old) === JSON.stringify(next) ? old : next;
}

interface FlowNodeInput {
  readonly id: string;
  readonly node: DocumentNode;
  readonly selected: boolean;
  readonly layout: NodeLayout | null;
}

function flowNode({ id, node, selected, layout }: FlowNodeInput): FlowNode {
  const width = layout?.width ?? node.width ?? 208;
  const height = layout?.height ?? 96;
  const title = node.title ?? catalog.get(node.type)?.title ?? node.type;
  return {
    id,
    type: "heddle",
    position: node.position,
    data: { layout },
    width,
    height,
    measured: { width, height },
    handles: layout === null ? [] : layout.sockets.map((socket) => handleOf(socket, width)),
    selected,
    ariaLabel: title,
  };
}

function handleOf(socket: NodeLayout["sockets"][number], width: number): NodeHandle {
  const input = socket.side === "input";
  return {
    id: socket.name,
    type: input ? "target" : "source",
    position: input ? Position.Left : Position.Right,
    x: (input ? 0 : width) - portReach,
    y: socket.y - portReach,
    width: 2 * portReach,
    height: 2 * portReach,
  };
}

function flowWire(edge: DocumentEdge, data: WireData, selected: boolean): FlowWire {
  const { id, from, to } = edge;
  return {
    id,
    type: "wire",
    source: from.node,
    target: to.node,
    sourceHandle: from.port,
    targetHandle: to.port,
    data,
    selected,
    ariaLabel: `Wire from ${from.port} of ${from.node} to ${to.port} of ${to.node}`,
  };
}

function atPosition(flow: FlowNode, position: Point | undefined): FlowNode {
  return position === undefined ? flow : { ...flow, position, dragging: true };
}
