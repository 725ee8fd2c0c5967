"use client";
import type { Field } from "@heddle/core";
import { MediaShape } from "../../ui/media-shape.tsx";
import { Tooltip } from "../../ui/tooltip.tsx";
import { useNode, useSession } from "../session-context.tsx";
import { setNode } from "../state/actions.ts";

export interface PortToggleProps {
  readonly nodeId: string;
  readonly field: Field;
  readonly wired: boolean;
}

/** The shape before a parameter's label: hollow while it is a parameter; a press gives it a port on the node. */
export function PortToggle({ nodeId, field, wired }: PortToggleProps) {
  const session = useSession();
  const ports = useNode(nodeId)?.ports ?? [];
  const on = ports.includes(field.name);
  const label = wired
    ? `${field.label} is wired`
    : on
      ? `Take the port of ${field.label} away`
      : `Give ${field.label} a port`;
  const toggle = () =>
    setNode(session, nodeId, {
      ports: on ? ports.filter((name) => name !== field.name) : [...ports, field.name],
    });
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
        <MediaShape
          media={field.type.media}
          list={field.type.list}
          hollow={!wired && !on}
          under="var(--panel)"
        />
      </button>
    </Tooltip>
  );
}
