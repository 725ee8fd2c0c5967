"use client";
import type { NodeType } from "@heddle/core";
import clsx from "clsx";
import { type KeyboardEvent, type ReactNode, useId, useState } from "react";
import { MediaShape } from "../../ui/media-shape.tsx";

/** Makes a text field drive the list below it. */
export interface ListKeys {
  readonly role: "combobox";
  readonly "aria-expanded": true;
  readonly "aria-controls": string;
  readonly "aria-activedescendant": string | undefined;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

export interface NodeListProps {
  readonly types: readonly NodeType[];
  readonly onChoose: (type: NodeType) => void;
  readonly empty: string;
  readonly children: (keys: ListKeys) => ReactNode;
}

/** Node types to choose from with the arrow keys and Enter, below a field that filters them. */
export function NodeList({ types, onChoose, empty, children }: NodeListProps) {
  const id = useId();
  const [active, setActive] = useState(0);
  const at = Math.min(active, Math.max(0, types.length - 1));
  const current = types[at];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setActive(Math.min(at + 1, types.length - 1));
    else if (event.key === "ArrowUp") setActive(Math.max(at - 1, 0));
    else if (event.key === "Enter" && current !== undefined) onChoose(current);
    else return;
    event.preventDefault();
  };
  const keys: ListKeys = {
    role: "combobox",
    "aria-expanded": true,
    "aria-controls": id,
    "aria-activedescendant": current === undefined ? undefined : `${id}-${current.type}`,
    onKeyDown,
  };
  return (
    <>
      {children(keys)}
      <ul id={id} role="listbox" aria-label="Nodes" className="min-h-0 flex-1 overflow-y-auto">
        {types.map((type, index) => (
          <li
            key={type.type}
            id={`${id}-${type.type}`}
            role="option"
            aria-selected={index === at}
            className={clsx("flex h-8 items-center gap-2 rounded-in px-2 text-13", index === at && "bg-hover")}
            onPointerMove={() => setActive(index)}
            onClick={() => onChoose(type)}
            ref={(element) => {
              if (index === at) element?.scrollIntoView({ block: "nearest" });
            }}
          >
            <MediaShape media={type.outputs[0]?.type.media ?? "any"} size={8} />
            <span className="truncate">{type.title}</span>
          </li>
        ))}
      </ul>
      {types.length === 0 && <p className="p-2 text-12 text-ink-2">{empty}</p>}
    </>
  );
}
