"use client";
import { catalog } from "@heddle/catalog";
import {
  declaredField,
  type DocumentNode,
  type Field,
  nodeTitle,
  type NodeType,
} from "@heddle/core";
import { ChevronRight, CircleSlash, Copy, Ellipsis, Trash2, VolumeX } from "lucide-react";
import { useState } from "react";
import { IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Menu } from "../../ui/menu.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { useNode, useNodeProblems, useSession } from "../session-context.tsx";
import { problemWords } from "../state/problem-words.ts";
import { duplicateSelection, removeSelection, setNode, toggleMode } from "../state/actions.ts";
import { InputRow } from "./input-row.tsx";
import { LastResult } from "./last-result.tsx";
import { ParamRow } from "./param-row.tsx";
import { Section } from "./section.tsx";

/** Everything that can be set on one node. */
export function NodeTab({ nodeId }: { readonly nodeId: string }) {
  const node = useNode(nodeId);
  const type = catalog.get(node?.type ?? "");
  if (node === undefined) return null;
  if (type === undefined) {
    return (
      <Section>
        <p className="text-ink-2">
          This version of Heddle does not know “{node.type}”. The node is kept as it is, and does
          not run.
        </p>
      </Section>
    );
  }
  return <KnownNode nodeId={nodeId} node={node} type={type} />;
}

interface KnownNodeProps {
  readonly nodeId: string;
  readonly node: DocumentNode;
  readonly type: NodeType;
}

function KnownNode({ nodeId, node, type }: KnownNodeProps) {
  const [more, setMore] = useState(false);
  const fields = type.fields.map((field) =>
    type.role === "input" && field.name === "value" ? (declaredField(node, type) ?? field) : field,
  );
  const ports = fields.filter((field) => field.kind === "port");
  const params = fields.filter((field) => field.kind === "param");
  const plain = params.filter((field) => field.advanced !== true);
  const advanced = params.filter((field) => field.advanced === true);
  return (
    <>
      <Head nodeId={nodeId} node={node} type={type} />
      <Problems nodeId={nodeId} fields={fields} />
      {ports.length > 0 && (
        <Section title="Inputs">
          {ports.map((field) => (
            <InputRow key={field.name} nodeId={nodeId} field={field} />
          ))}
        </Section>
      )}
      {params.length > 0 && (
        <Section title="Parameters">
          {plain.map((field) => (
            <ParamRow key={field.name} nodeId={nodeId} field={field} type={type} />
          ))}
          {advanced.length > 0 && (
            <button
              type="button"
              aria-expanded={more}
              onClick={() => setMore(!more)}
              className="-mx-1 mt-1 flex min-h-8 w-full items-center gap-1 rounded-in px-1 text-left text-12 text-ink-2 hover:bg-hover"
            >
              <Icon of={ChevronRight} size={12} className={more ? "rotate-90" : ""} />
              <span className="truncate">
                {more ? "Less" : advanced.map(({ label }) => label).join(", ")}
              </span>
            </button>
          )}
          {more &&
            advanced.map((field) => (
              <ParamRow key={field.name} nodeId={nodeId} field={field} type={type} />
            ))}
        </Section>
      )}
      <LastResult nodeId={nodeId} type={type} />
      <Section title="What it does">
        <p className="text-12 text-ink-2">{type.help}</p>
        <p className="mt-2 text-12 text-ink-3">{type.example}</p>
      </Section>
    </>
  );
}

function Head({ nodeId, node, type }: KnownNodeProps) {
  const session = useSession();
  return (
    <Section>
      <div className="flex items-center gap-1">
        <TextField
          aria-label="Title"
          value={node.title ?? ""}
          placeholder={type.title}
          maxLength={120}
          onChange={(event) => setNode(session, nodeId, { title: event.target.value })}
          onBlur={() => session.doc.endMerge()}
          className="-ml-2 text-15! font-semibold shadow-none! placeholder:text-ink-1 hover:bg-hover focus:bg-hover"
        />
        <Menu
          align="end"
          trigger={
            <IconButton label="More" size="small">
              <Icon of={Ellipsis} />
            </IconButton>
          }
          groups={[
            [
              {
                label: "Duplicate",
                icon: Copy,
                note: "Ctrl D",
                onSelect: () => duplicateSelection(session),
              },
              {
                label: "Bypass",
                icon: CircleSlash,
                note: "Ctrl B",
                checked: node.mode === "bypassed",
                onSelect: () => toggleMode(session, "bypassed"),
              },
              {
                label: "Mute",
                icon: VolumeX,
                note: "Ctrl M",
                checked: node.mode === "muted",
                onSelect: () => toggleMode(session, "muted"),
              },
            ],
            [
              {
                label: "Delete",
                icon: Trash2,
                note: "Del",
                danger: true,
                onSelect: () => removeSelection(session),
              },
            ],
          ]}
        />
      </div>
      {nodeTitle(node, catalog) !== type.title && (
        <p className="text-12 text-ink-3">{type.title}</p>
      )}
    </Section>
  );
}

/** Problems that no field below shows. */
function Problems({
  nodeId,
  fields,
}: {
  readonly nodeId: string;
  readonly fields: readonly Field[];
}) {
  const shown = new Set(fields.map(({ name }) => name));
  const rest = useNodeProblems(nodeId).filter(
    ({ portId }) => portId === undefined || !shown.has(portId),
  );
  if (rest.length === 0) return null;
  return (
    <Section>
      {rest.map((problem) => (
        <p key={problem.message} role="alert" className="text-12 text-danger">
          {problemWords(problem)}
        </p>
      ))}
    </Section>
  );
}
