"use client";
import { type Field, fieldProblem, type Json, type NodeType } from "@heddle/core";
import { Pin, RotateCcw } from "lucide-react";
import { FieldControl } from "../../form/field-control.tsx";
import { IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { MediaShape } from "../../ui/media-shape.tsx";
import { Tooltip } from "../../ui/tooltip.tsx";
import { pinnedParams, valueField } from "../canvas/node-layout.ts";
import { useDoc, useNode, useNodeProblems, useSession } from "../session-context.tsx";
import { setNode, setParam } from "../state/actions.ts";
import { Wires } from "./wires.tsx";

export interface ParamRowProps {
  readonly nodeId: string;
  readonly field: Field;
  readonly type: NodeType;
}

/** Widgets that need the whole width. */
const tall = new Set(["textarea", "texts", "file", "files", "slider"]);

/** One parameter: its port sign, its label, its control, its pin; what is wrong with it stands below it. */
export function ParamRow({ nodeId, field, type }: ParamRowProps) {
  const session = useSession();
  const node = useNode(nodeId);
  const wires = useDoc(({ document }) => document.edges.some(({ to }) => to.node === nodeId && to.port === field.name));
  const given = useNodeProblems(nodeId).find(({ portId }) => portId === field.name)?.message;
  if (node === undefined) return null;
  const set = Object.hasOwn(node.params, field.name);
  const value = set ? node.params[field.name] : field.default;
  const wrong = value === undefined || wires ? null : fieldProblem(field, value);
  const problem = wrong === null ? (given ?? null) : `${field.label} ${wrong}`;
  const change = (next: Json) => setParam(session, nodeId, field.name, next);
  const reset = () => session.doc.edit({ type: "setParams", nodeId, params: {}, unset: [field.name] });
  const wide = tall.has(field.widget) && !wires;
  const label = (
    <span className="flex min-w-0 items-center gap-2 text-ink-2">
      {field.wirable && <PortToggle nodeId={nodeId} field={field} wired={wires} />}
      <Tooltip content={<span className="max-w-60">{field.help ?? field.label}</span>} side="left">
        <span className="truncate">{field.label}</span>
      </Tooltip>
    </span>
  );
  const actions = (
    <span className="flex">
      {set && !wires && (
        <IconButton size="small" label={`Reset ${field.label}`} onClick={reset} className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100">
          <Icon of={RotateCcw} size={12} />
        </IconButton>
      )}
      <PinToggle nodeId={nodeId} field={field} type={type} />
    </span>
  );
  const control = wires ? (
    <Wires nodeId={nodeId} field={field} />
  ) : (
    <FieldControl field={field} value={value} onChange={change} onCommit={() => session.doc.endMerge()} invalid={problem !== null} />
  );
  return (
    <div className="group mb-1">
      {wide ? (
        <div className="pt-1">
          <div className="mb-1 grid min-h-6 grid-cols-[minmax(0,1fr)_auto] items-center">
            {label}
            {actions}
          </div>
          {control}
        </div>
      ) : (
        <div className="grid min-h-8 grid-cols-[88px_minmax(0,1fr)_auto] items-center gap-x-2">
          {label}
          {control}
          {actions}
        </div>
      )}
      {problem !== null && (
        <p role="alert" className="mt-1 text-12 text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}

/** The diamond before the label: hollow while it is a parameter; a press turns it into a port. */
function PortToggle({ nodeId, field, wired }: { readonly nodeId: string; readonly field: Field; readonly wired: boolean }) {
  const session = useSession();
  const ports = useNode(nodeId)?.ports ?? [];
  const on = ports.includes(field.name);
  const label = wired ? `${field.label} is wired` : on ? `Take the port of ${field.label} away` : `Give ${field.label} a port`;
  const toggle = () =>
    setNode(session, nodeId, { ports: on ? ports.filter((name) => name !== field.name) : [...ports, field.name] });
  return (
    <Tooltip content={label} side="left">
      <button
        type="button"
        aria-label={label}
        aria-pressed={on || wired}
        disabled={wired}
        onClick={toggle}
        className="-m-1.5 grid size-6 flex-none place-items-center rounded-in enabled:hover:bg-hover"
      >
        <MediaShape media={field.type.media} list={field.type.list} hollow={!wired && !on} under="var(--panel)" />
      </button>
    </Tooltip>
  );
}

function PinToggle({ nodeId, field, type }: ParamRowProps) {
  const session = useSession();
  const node = useNode(nodeId);
  if (node === undefined || type.role === "output" || field.name === valueField(type)?.name) return <span className="w-6" />;
  if (field.widget === "file" || field.widget === "files") return <span className="w-6" />;
  const pinned = pinnedParams(node, type);
  const on = pinned.includes(field.name);
  const full = !on && pinned.length >= 3;
  const toggle = () =>
    setNode(session, nodeId, { pinned: on ? pinned.filter((name) => name !== field.name) : [...pinned, field.name] });
  const label = on ? `${field.label}, pinned to the node` : full ? "Three are pinned already" : `Pin ${field.label} to the node`;
  return (
    <IconButton
      size="small"
      label={label}
      aria-pressed={on}
      disabled={full}
      onClick={toggle}
      className={on ? "text-ink-1!" : "text-ink-3! opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"}
    >
      <Icon of={Pin} size={12} />
    </IconButton>
  );
}
