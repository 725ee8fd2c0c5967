"use client";
import { nodeTitle, type NodeType } from "@heddle/core";
import { catalog } from "@heddle/catalog";
import { type NodeProps, useStore as useFlow } from "@xyflow/react";
import clsx from "clsx";
import { memo } from "react";
import { isFar } from "../canvas/farness.ts";
import type { FlowNode } from "../canvas/flow-elements.ts";
import type { Socket } from "../canvas/node-layout.ts";
import { FarPort, Port } from "../canvas/port.tsx";
import { useNode, useNodeChange, useNodeProblems, useNodeRun } from "../session-context.tsx";
import { Facts } from "./facts.tsx";
import { NodeBody } from "./node-body.tsx";
import { NodeParam } from "./node-param.tsx";
import { NodeTitle } from "./node-title.tsx";
import { shownValue } from "./shown-value.ts";

/** A node on the canvas: it is its picture, with a title above and its facts below. */
export const NodeView = memo(function NodeView({ id, data, selected }: NodeProps<FlowNode>) {
  const node = useNode(id);
  const state = useStateClass(id);
  const far = useFlow(isFar);
  const { layout } = data;
  if (node === undefined) return null;
  const type = catalog.get(node.type);
  const title = nodeTitle(node, catalog);
  const own =
    type !== undefined &&
    node.title !== undefined &&
    node.title.trim() !== "" &&
    node.title !== type.title;
  if (layout === null || type === undefined)
    return <UnknownNode type={node.type} selected={selected} />;
  if (far)
    return (
      <FarNode
        nodeId={id}
        type={type}
        title={title}
        sockets={layout.sockets}
        className={clsx(state, selected && "is-selected")}
      />
    );
  const tag = layout.kind === "tag";
  return (
    <article
      className={clsx(
        "node",
        state,
        selected && "is-selected",
        tag && "is-tag",
        (layout.kind === "value" || layout.kind === "words") && "is-words",
      )}
      aria-label={title}
    >
      {!tag && <NodeTitle nodeId={id} title={title} of={own ? type.title : null} />}
      <div className="node-body">
        <NodeBody nodeId={id} node={node} type={type} layout={layout} />
        {layout.params.map((field) => (
          <NodeParam key={field.name} nodeId={id} field={field} />
        ))}
      </div>
      {!tag && (
        <footer className="node-facts">
          <Facts nodeId={id} />
        </footer>
      )}
      {layout.sockets.map((socket) => (
        <Port key={`${socket.side} ${socket.name}`} nodeId={id} socket={socket} />
      ))}
    </article>
  );
});

interface FarNodeProps {
  readonly nodeId: string;
  readonly type: NodeType;
  readonly title: string;
  readonly sockets: readonly Socket[];
  readonly className: string;
}

/** From far away a node is its picture, else a plain box in the colour of what it makes. */
function FarNode({ nodeId, type, title, sockets, className }: FarNodeProps) {
  const { result } = useNodeRun(nodeId);
  const value = shownValue(type, result);
  const item = value?.media === "list" ? value.items[0] : value;
  const media = type.outputs[0]?.type.media ?? "any";
  return (
    <article className={`node is-far ${className}`} aria-label={title}>
      <div className={`node-body media-${media}`}>
        {item?.media === "image" && <img src={item.artifact.url} alt="" decoding="async" />}
      </div>
      {sockets.map((socket) => (
        <FarPort key={`${socket.side} ${socket.name}`} nodeId={nodeId} socket={socket} />
      ))}
    </article>
  );
}

/** The look of a state; words and icons stand in the facts line. */
function useStateClass(nodeId: string): string {
  const node = useNode(nodeId);
  const mode = node?.mode;
  const input = catalog.get(node?.type ?? "")?.role === "input";
  const { activity } = useNodeRun(nodeId);
  const change = useNodeChange(nodeId);
  const problem = useNodeProblems(nodeId).length > 0;
  if (mode === "bypassed" || mode === "muted") return "is-asleep";
  if (activity.kind === "waiting") return "is-waiting";
  if (activity.kind === "running") return "is-busy";
  if (activity.kind === "loading") return "is-busy is-queued";
  if ((activity.kind === "queued" || activity.kind === "paused") && !input) return "is-queued";
  if ((activity.kind === "failed" && change === null) || problem) return "is-failed";
  return change === null || input ? "" : "is-stale";
}

function UnknownNode({ type, selected }: { readonly type: string; readonly selected: boolean }) {
  return (
    <article
      className={clsx("node", selected && "is-selected")}
      aria-label={`Unknown node ${type}`}
    >
      <header className="node-title">
        <span>{type}</span>
        <span className="of">unknown</span>
      </header>
      <div className="node-body">
        <p className="node-say">
          This version of Heddle has no such node. It is kept, and does not run.
        </p>
      </div>
      <footer className="node-facts">
        <div className="facts">Kept, does not run</div>
      </footer>
    </article>
  );
}
