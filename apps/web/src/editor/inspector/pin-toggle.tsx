"use client";
import type { Field, NodeType } from "@heddle/core";
import { Pin } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { pinnedParams, valueField } from "../canvas/node-layout.ts";
import { useNode, useSession } from "../session-context.tsx";
import { setNode } from "../state/actions.ts";

export interface PinToggleProps {
  readonly nodeId: string;
  readonly field: Field;
  readonly type: NodeType;
}

/** Shows a parameter on the node itself; three at most. */
export function PinToggle({ nodeId, field, type }: PinToggleProps) {
  const session = useSession();
  const node = useNode(nodeId);
  if (node === undefined || !canBePinned(field, type)) return null;
  const pinned = pinnedParams(node, type);
  const on = pinned.includes(field.name);
  const full = !on && pinned.length >= 3;
  const toggle = () =>
    setNode(session, nodeId, {
      pinned: on ? pinned.filter((name) => name !== field.name) : [...pinned, field.name],
    });
  const label = on
    ? `${field.label}, pinned to the node`
    : full
      ? "Three are pinned already"
      : `Pin ${field.label} to the node`;
  return (
    <IconButton
      size="small"
      label={label}
      aria-pressed={on}
      disabled={full}
      onClick={toggle}
      className={
        on
          ? "text-ink-1!"
          : "text-ink-3! opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"
      }
    >
      <Icon of={Pin} size={12} />
    </IconButton>
  );
}

function canBePinned(field: Field, type: NodeType): boolean {
  if (type.role === "output" || field.name === valueField(type)?.name) return false;
  return field.widget !== "file" && field.widget !== "files";
}
