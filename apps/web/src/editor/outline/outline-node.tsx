"use client";
import { catalog } from "@heddle/catalog";
import { artifactRefSchema, type DocumentNode, nodeTitle, type NodeType } from "@heddle/core";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { useArtifactLinks } from "../../form/artifact-links.ts";
import { outputItems } from "../../results/output-items.ts";
import { ResultThumb } from "../../results/result-thumb.tsx";
import { DecideButtons } from "../../runs/decide-buttons.tsx";
import { Icon } from "../../ui/icon.tsx";
import { MediaShape } from "../../ui/media-shape.tsx";
import { tagName, valueField } from "../canvas/node-layout.ts";
import { NodeTab } from "../inspector/node-tab.tsx";
import { Facts } from "../node/facts.tsx";
import { shownValue } from "../node/shown-value.ts";
import { useNode, useNodeRun, useSession } from "../session-context.tsx";
import { decideStep } from "../state/actions.ts";
import { OutlineResult } from "./outline-result.tsx";

/** One node as a row; open, it shows its result and everything that can be set. */
export function OutlineNode({ nodeId }: { readonly nodeId: string }) {
  const session = useSession();
  const node = useNode(nodeId);
  const [open, setOpen] = useState(false);
  const type = catalog.get(node?.type ?? "");
  if (node === undefined) return null;
  const title = nodeTitle(node, catalog);
  const toggle = () => {
    setOpen(!open);
    session.doc.select(open ? [] : [nodeId]);
  };
  return (
    <li className={`border-t border-line ${open ? "bg-panel" : ""}`}>
      <h2>
        <button
          type="button"
          aria-expanded={open}
          onClick={toggle}
          className="flex min-h-16 w-full items-center gap-3 px-4 py-2 text-left hover:bg-hover focus-visible:-outline-offset-2"
        >
          <Thumb nodeId={nodeId} node={node} type={type} />
          <span className="grid min-w-0 flex-1 gap-0.5">
            <span className="truncate text-15 leading-5 font-medium">
              {title}
              {title !== type?.title && type !== undefined && (
                <span className="ml-2 text-13 font-normal text-ink-3">{type.title}</span>
              )}
            </span>
            <Line nodeId={nodeId} node={node} type={type} />
          </span>
          <Icon of={open ? ChevronDown : ChevronRight} className="text-ink-3" />
        </button>
      </h2>
      <Ask nodeId={nodeId} title={title} />
      {open && (
        <div className="pb-2">
          <OutlineResult nodeId={nodeId} />
          <NodeTab nodeId={nodeId} />
        </div>
      )}
    </li>
  );
}

/** The two answers to a node that waits for a person, whether its row is open or not. */
function Ask({ nodeId, title }: { readonly nodeId: string; readonly title: string }) {
  const session = useSession();
  const { activity } = useNodeRun(nodeId);
  if (activity.kind !== "waiting") return null;
  return (
    <div className="px-4 pb-3">
      <DecideButtons
        title={title}
        size="touch"
        onDecide={(approve) => void decideStep(session, activity, approve)}
      />
    </div>
  );
}

interface PartProps {
  readonly nodeId: string;
  readonly node: DocumentNode;
  readonly type: NodeType | undefined;
}

/** An input says its value, an output its name, anything else its facts. */
function Line({ nodeId, node, type }: PartProps) {
  const words = type === undefined ? null : lineWords(node, type);
  if (words === null) return <Facts nodeId={nodeId} links={false} />;
  return <span className="truncate text-12 text-ink-2">{words}</span>;
}

function lineWords(node: DocumentNode, type: NodeType): string | null {
  if (type.role === "output") return tagName(node, type);
  const field = valueField(type);
  const value = node.params["value"] ?? field?.default;
  if (field === undefined) return null;
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (Array.isArray(value))
    return value.every((item) => typeof item === "string")
      ? value.join(", ")
      : `${value.length} files`;
  if (value === null || value === undefined) return "No file yet";
  const file = artifactRefSchema.safeParse(value).data;
  return file?.width === undefined ? "One file" : `${file.width} × ${file.height}`;
}

function Thumb({ nodeId, node, type }: PartProps) {
  const { result } = useNodeRun(nodeId);
  const urls = useArtifactLinks((state) => state.urls);
  const value = shownValue(type, result);
  const item = value === undefined ? undefined : outputItems(value)[0];
  const own = node.params["value"];
  const sha =
    typeof own === "object" && own !== null && !Array.isArray(own) ? own["sha256"] : undefined;
  const url = typeof sha === "string" ? urls[sha] : undefined;
  return (
    <span
      className="grid size-12 flex-none place-items-center overflow-hidden rounded-ui bg-raised [--under:var(--raised)]"
      aria-hidden="true"
    >
      {item !== undefined && type?.role !== "input" ? (
        <ResultThumb item={item} />
      ) : url !== undefined ? (
        <img src={url} alt="" className="size-full object-cover" />
      ) : (
        <MediaShape
          media={type?.outputs[0]?.type.media ?? "any"}
          hollow={result === null && type?.role !== "input"}
          size={14}
        />
      )}
    </span>
  );
}
