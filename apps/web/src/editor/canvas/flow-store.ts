import { catalog } from "@heddle/catalog";
import type {
  Document,
  DocumentEdge,
  DocumentNode,
  NodeType,
  PortType,
  Position as Point,
} from "@heddle/core";
import { createStore, type StoreApi } from "zustand/vanilla";
import { shownValue } from "../node/shown-value.ts";
import type { DocumentState } from "../state/document-store.ts";
import { portsSignature, typesOf } from "../state/graph.ts";
import type { NodeResult, RunsState } from "../state/run-state.ts";
import type { EditorSession } from "../state/session.ts";
import { type FlowNode, flowNode, type FlowWire, flowWire } from "./flow-elements.ts";
import {
  layoutNode,
  type NodeLayout,
  type ResultShape,
  shapeOf,
  shapeOfFiles,
  square,
  valueField,
} from "./node-layout.ts";

export interface FlowState {
  readonly nodes: FlowNode[];
  readonly wires: FlowWire[];
}

export interface FlowStore extends StoreApi<FlowState> {
  /** Where nodes are while they are being dragged; null: where the document says. */
  readonly drag: (positions: ReadonlyMap<string, Point> | null) => void;
  readonly start: () => () => void;
}

/** The document as React Flow wants it. What does not change keeps its identity, so that only what changed renders. */
export function createFlowStore({ doc, runs }: Pick<EditorSession, "doc" | "runs">): FlowStore {
  const nodesOf = createNodeBuilder();
  const wiresOf = createWireBuilder();
  let dragged: ReadonlyMap<string, Point> | null = null;
  const nodes = () => nodesOf(doc.getState(), runs.getState(), dragged);
  const store = createStore<FlowState>(() => ({ nodes: nodes(), wires: wiresOf(doc.getState()) }));
  return {
    ...store,
    drag: (positions) => {
      dragged = positions;
      store.setState({ nodes: nodes() });
    },
    start: () => {
      const refresh = () => store.setState({ nodes: nodes(), wires: wiresOf(doc.getState()) });
      refresh();
      const stopDoc = doc.subscribe(refresh);
      const stopRuns = runs.subscribe((now, before) => {
        if (resultsDiffer(now, before)) store.setState({ nodes: nodes() });
      });
      return () => {
        stopDoc();
        stopRuns();
      };
    },
  };
}

interface MadeNode {
  readonly node: DocumentNode;
  readonly signature: string;
  readonly result: NodeResult | null;
  readonly selected: boolean;
  readonly flow: FlowNode;
}

/** Remembers each node that it made, with what it was made from. */
function createNodeBuilder() {
  const made = new Map<string, MadeNode>();
  return (
    state: DocumentState,
    { nodes: ran }: RunsState,
    dragged: ReadonlyMap<string, Point> | null,
  ): FlowNode[] => {
    const { document, selection } = state;
    const types = typesOf(document);
    const wired = wiredOutputs(document);
    const entries = Object.entries(document.nodes);
    if (made.size > entries.length) forget(made, document);
    return entries.map(([id, node]) => {
      const ports = types.get(id);
      const outputs = wired.get(id) ?? noOutputs;
      const signature = `${portsSignature(ports)}|${[...outputs].join()}`;
      const result = ran[id]?.result ?? null;
      const selected = selection.has(id);
      let one = made.get(id);
      if (
        one?.node !== node ||
        one.signature !== signature ||
        one.result !== result ||
        one.selected !== selected
      ) {
        const layout = layoutOf({ node, ports, result, outputs });
        const flow = flowNode({
          id,
          node,
          selected,
          layout: sameLayout(one?.flow.data.layout, layout),
        });
        one = { node, signature, result, selected, flow };
        made.set(id, one);
      }
      const position = dragged?.get(id);
      return position === undefined ? one.flow : { ...one.flow, position, dragging: true };
    });
  };
}

function createWireBuilder() {
  const made = new Map<
    string,
    { readonly edge: DocumentEdge; readonly key: string; readonly flow: FlowWire }
  >();
  return ({ document, selectedWires }: DocumentState): FlowWire[] => {
    const types = typesOf(document);
    return document.edges.map((edge) => {
      const output = types.get(edge.from.node)?.outputs.find(({ name }) => name === edge.from.port);
      const type: PortType = output?.type ?? { media: "any", list: false };
      const passes = document.nodes[edge.from.node]?.mode === "bypassed";
      const selected = selectedWires.has(edge.id);
      const key = `${type.media} ${type.list} ${passes} ${selected}`;
      const old = made.get(edge.id);
      if (old?.edge === edge && old.key === key) return old.flow;
      const flow = flowWire(edge, { type, passes }, selected);
      made.set(edge.id, { edge, key, flow });
      return flow;
    });
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

function forget(made: Map<string, MadeNode>, document: Document): void {
  for (const id of made.keys()) if (!Object.hasOwn(document.nodes, id)) made.delete(id);
}

function resultsDiffer(now: RunsState, before: RunsState): boolean {
  if (now.nodes === before.nodes) return false;
  return Object.entries(now.nodes).some(
    ([id, run]) => run !== before.nodes[id] && run.result !== (before.nodes[id]?.result ?? null),
  );
}

interface Laid {
  readonly node: DocumentNode;
  readonly ports: ReturnType<ReturnType<typeof typesOf>["get"]>;
  readonly result: NodeResult | null;
  readonly outputs: ReadonlySet<string>;
}

function layoutOf({ node, ports, result, outputs }: Laid): NodeLayout | null {
  const type = catalog.get(node.type);
  if (type === undefined || ports === undefined) return null;
  return layoutNode({
    node,
    type,
    ports,
    shape: shownShape(node, type, result),
    wiredOutputs: outputs,
  });
}

function shownShape(node: DocumentNode, type: NodeType, result: NodeResult | null): ResultShape {
  const value = valueField(type);
  if (value?.widget === "file" || value?.widget === "files")
    return shapeOfFiles(node.params["value"] ?? null);
  return result === null ? square : shapeOf(shownValue(type, result));
}

/** The old layout where it says the same: parameters and titles change more often than sizes. */
function sameLayout(
  old: NodeLayout | null | undefined,
  next: NodeLayout | null,
): NodeLayout | null {
  return old !== undefined && JSON.stringify(old) === JSON.stringify(next) ? old : next;
}
