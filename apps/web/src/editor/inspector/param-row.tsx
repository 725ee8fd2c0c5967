"use client";
import {
  type DocumentNode,
  type Field,
  fieldProblem,
  type Json,
  type NodeType,
} from "@heddle/core";
import { RotateCcw } from "lucide-react";
import { FieldControl } from "../../form/field-control.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Tooltip } from "../../ui/tooltip.tsx";
import { useDoc, useNode, useNodeProblems, useSession } from "../session-context.tsx";
import { problemWords } from "../state/problem-words.ts";
import { PinToggle } from "./pin-toggle.tsx";
import { PortToggle } from "./port-toggle.tsx";
import { Wires } from "./wires.tsx";

export interface ParamRowProps {
  readonly nodeId: string;
  readonly field: Field;
  readonly type: NodeType;
}

/** Widgets that need the whole width. */
const tall: ReadonlySet<string> = new Set(["textarea", "texts", "file", "files", "slider"]);

/** One parameter: its port sign, its label, its control, its pin; what is wrong with it stands below it. */
export function ParamRow({ nodeId, field, type }: ParamRowProps) {
  const session = useSession();
  const node = useNode(nodeId);
  const wired = useDoc(({ document }) =>
    document.edges.some(({ to }) => to.node === nodeId && to.port === field.name),
  );
  const given = useNodeProblems(nodeId).find(({ portId }) => portId === field.name);
  if (node === undefined) return null;
  const value = Object.hasOwn(node.params, field.name) ? node.params[field.name] : field.default;
  const wrong = value === undefined || wired ? null : fieldProblem(field, value);
  const problem =
    wrong === null ? (given === undefined ? null : problemWords(given)) : `${field.label} ${wrong}`;
  const wide = tall.has(field.widget) && !wired;
  const change = (next: Json) => session.setParam(nodeId, field.name, next);
  return (
    <div className="group mb-1">
      <div
        className={
          wide
            ? "grid grid-cols-[minmax(0,1fr)_auto] items-center gap-y-1 pt-1"
            : "grid min-h-8 grid-cols-[104px_minmax(0,1fr)_auto] items-center gap-x-2"
        }
      >
        <Label nodeId={nodeId} field={field} wired={wired} />
        <div className={wide ? "order-last col-span-2 min-w-0" : "min-w-0"}>
          {wired ? (
            <Wires nodeId={nodeId} field={field} />
          ) : (
            <FieldControl
              field={field}
              value={value}
              onChange={change}
              onCommit={session.doc.endMerge}
              invalid={problem !== null}
            />
          )}
        </div>
        <span className="flex min-h-6">
          <Reset nodeId={nodeId} node={node} field={field} wired={wired} />
          <PinToggle nodeId={nodeId} field={field} type={type} />
        </span>
      </div>
      {problem !== null && (
        <p role="alert" className="mt-1 text-12 text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}

interface LabelProps {
  readonly nodeId: string;
  readonly field: Field;
  readonly wired: boolean;
}

function Label({ nodeId, field, wired }: LabelProps) {
  return (
    <span className="flex min-w-0 items-center gap-2 text-ink-2">
      {field.wirable && <PortToggle nodeId={nodeId} field={field} wired={wired} />}
      <Tooltip
        content={<span className="block max-w-60">{field.help ?? field.label}</span>}
        side="left"
      >
        <span className="truncate">{field.label}</span>
      </Tooltip>
    </span>
  );
}

/** Back to the default, where something else is set. */
function Reset({ nodeId, node, field, wired }: LabelProps & { readonly node: DocumentNode }) {
  const session = useSession();
  if (wired || !Object.hasOwn(node.params, field.name)) return null;
  return (
    <IconButton
      size="small"
      label={`Reset ${field.label}`}
      onClick={() =>
        session.doc.edit({ type: "setParams", nodeId, params: {}, unset: [field.name] })
      }
      className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
    >
      <Icon of={RotateCcw} size={12} />
    </IconButton>
  );
}
