import { catalog } from "@heddle/catalog";
import type { DocumentEdge, DocumentNode, PortType } from "@heddle/core";
import { type Edge, type Node, type NodeHandle, Position } from "@xyflow/react";
import type { NodeLayout } from "./node-layout.ts";

export type NodeData = { readonly layout: NodeLayout | null };
export type FlowNode = Node<NodeData, "heddle">;
export type WireData = { readonly type: PortType; readonly passes: boolean };
export type FlowWire = Edge<WireData, "wire">;

/** Half of the 24-px area that catches the pointer around a port. */
export const portReach = 12;

export interface FlowNodeInput {
  readonly id: string;
  readonly node: DocumentNode;
  readonly selected: boolean;
  /** Null: a node of unknown type. */
  readonly layout: NodeLayout | null;
}

/** A node with its size and its ports told beforehand: React Flow measures nothing. */
export function flowNode({ id, node, selected, layout }: FlowNodeInput): FlowNode {
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

export function flowWire(edge: DocumentEdge, data: WireData, selected: boolean): FlowWire {
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
