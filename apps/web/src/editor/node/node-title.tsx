"use client";
import { useState } from "react";
import { useSession } from "../session-context.tsx";
import { setNode } from "../state/actions.ts";

export interface NodeTitleProps {
  readonly nodeId: string;
  readonly title: string;
  /** The type's name, when the person gave the node one of its own. */
  readonly of: string | null;
}

/** The name above the picture; a double click changes it. */
export function NodeTitle({ nodeId, title, of }: NodeTitleProps) {
  const session = useSession();
  const [editing, setEditing] = useState(false);
  const end = () => {
    setEditing(false);
    session.doc.endMerge();
  };
  if (editing) {
    return (
      <header className="node-title nodrag">
        <input
          aria-label="Title"
          ref={focusAndSelect}
          value={title}
          maxLength={120}
          onChange={(event) => setNode(session, nodeId, { title: event.target.value })}
          onBlur={end}
          onKeyDown={(event) => {
            if (event.key === "Enter" || event.key === "Escape") end();
            event.stopPropagation();
          }}
        />
      </header>
    );
  }
  return (
    <header className="node-title" onDoubleClick={() => setEditing(true)}>
      <span>{title}</span>
      {of !== null && <span className="of">{of}</span>}
    </header>
  );
}

function focusAndSelect(input: HTMLInputElement | null): void {
  if (document.activeElement !== input) input?.select();
}
