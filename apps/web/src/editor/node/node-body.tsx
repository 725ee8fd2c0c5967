"use client";
import { declaredField, type DocumentNode, type NodeType } from "@heddle/core";
import { outputItems } from "../../results/output-items.ts";
import { type NodeLayout, tagName, valueField } from "../canvas/node-layout.ts";
import { useNodeChange, useNodeRun, useSession } from "../session-context.tsx";
import type { Activity } from "../state/run-state.ts";
import { FileBody } from "./file-body.tsx";
import { Picture } from "./picture.tsx";
import { shownValue, valueWords } from "./shown-value.ts";
import { ValueBody } from "./value-body.tsx";
import { WaitingBody } from "./waiting-body.tsx";

export interface NodeBodyProps {
  readonly nodeId: string;
  readonly node: DocumentNode;
  readonly type: NodeType;
  readonly layout: NodeLayout;
}

/** The part above the parameters: a picture, a value, words, or the name of an output. */
export function NodeBody({ nodeId, node, type, layout }: NodeBodyProps) {
  const session = useSession();
  const { activity, result } = useNodeRun(nodeId);
  const change = useNodeChange(nodeId);
  const title = node.title ?? type.title;
  const { bodyHeight: height, columns } = layout;
  const input = valueField(type);
  const made = layout.sockets.find(({ side }) => side === "output")?.type.media ?? "any";
  if (layout.kind === "tag") {
    const media = layout.sockets[0]?.type.media ?? "any";
    return <div className={`out-tag media-${media}`}>{tagName(node, type)}</div>;
  }
  if (activity.kind === "failed" && change === null)
    return <Failure activity={activity} height={height} />;
  if (activity.kind === "waiting") {
    const shown = { activity, title, media: made, height, columns };
    return <WaitingBody {...shown} />;
  }
  if (layout.kind === "value" && input !== undefined) {
    return (
      <div style={{ height }}>
        <ValueBody nodeId={nodeId} field={declaredField(node, type) ?? input} />
      </div>
    );
  }
  if (input !== undefined) {
    const value = node.params[input.name] ?? input.default;
    return (
      <FileBody
        nodeId={nodeId}
        title={title}
        media={made}
        many={input.type.list}
        value={value}
        height={height}
        columns={columns}
      />
    );
  }
  if (activity.kind === "running" && activity.preview !== undefined)
    return <Preview activity={activity} title={title} height={height} />;
  const value = shownValue(type, result);
  if (layout.kind === "words" && value !== undefined) {
    return (
      <div style={{ height }}>
        <p className={`node-words nowheel${value.media === "number" ? " number" : ""}`}>
          {valueWords(value)}
        </p>
      </div>
    );
  }
  const items = value === undefined ? [] : outputItems(value);
  const open = (index: number) => session.ui.setState({ lightbox: { title, items, index } });
  return (
    <Picture
      value={value}
      media={made}
      alt={`${title}, result`}
      height={height}
      columns={columns}
      onOpen={open}
    >
      {activity.kind === "queued" && value !== undefined && (
        <span className="tag">last result</span>
      )}
      <Bar activity={activity} />
    </Picture>
  );
}

interface PreviewProps {
  readonly activity: Extract<Activity, { kind: "running" }>;
  readonly title: string;
  readonly height: number;
}

/** The picture as far as it is. */
function Preview({ activity, title, height }: PreviewProps) {
  return (
    <span className="pic" style={{ height }}>
      <img className="preview" src={activity.preview} alt={`${title}, so far`} draggable={false} />
      <Bar activity={activity} />
    </span>
  );
}

function Bar({ activity }: { readonly activity: Activity }) {
  if (activity.kind !== "running" && activity.kind !== "loading") return null;
  const part =
    activity.kind === "running" && activity.total > 0 ? activity.done / activity.total : 0;
  return (
    <span className="bar">
      <i style={{ width: `${part * 100}%` }} />
      <progress className="sr-only" aria-label="Progress" value={part} />
    </span>
  );
}

/** What is wrong, and what to do about it. */
function Failure({
  activity,
  height,
}: {
  readonly activity: Extract<Activity, { kind: "failed" }>;
  readonly height: number;
}) {
  const { code, message, class: kind } = activity.error;
  return (
    <div style={{ height }}>
      <div className="node-say nowheel" role="alert">
        <b>{headline(code)}</b>
        {message}
        {kind !== "USER" && (
          <span className="mt-1 block text-ink-3">Nothing was charged. Run again to retry.</span>
        )}
      </div>
    </div>
  );
}

/** `image_too_large` → `Image too large`. */
function headline(code: string): string {
  const words = code.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
