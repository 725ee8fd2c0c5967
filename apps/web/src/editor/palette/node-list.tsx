"use client";
import type { NodeType } from "@heddle/core";
import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { MediaShape } from "../../ui/media-shape.tsx";
import { TextField } from "../../ui/text-field.tsx";
import { moveFocus } from "./move-focus.ts";

export interface NodeListProps {
  readonly label: string;
  readonly placeholder: string;
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly types: readonly NodeType[];
  readonly onChoose: (type: NodeType) => void;
  /** What is said when nothing fits. */
  readonly empty: string;
  readonly size?: "normal" | "touch";
}

/** A field and the node types that fit it: Enter takes the first, arrow keys reach the others. */
export function NodeList(props: NodeListProps) {
  const { label, placeholder, query, onQuery, types, onChoose, empty, size = "normal" } = props;
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => field.current?.focus(), []);
  const first = types[0];
  const onFieldKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && first !== undefined) onChoose(first);
    else if (event.key === "ArrowDown") list.current?.querySelector("button")?.focus();
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextField
        ref={field}
        type="search"
        aria-label={label}
        aria-controls={id}
        placeholder={placeholder}
        size={size}
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={onFieldKey}
        className="mb-1 flex-none"
      />
      <ul ref={list} id={id} aria-label="Nodes" className="min-h-0 flex-1 overflow-y-auto">
        {types.map((type) => (
          <li key={type.type}>
            <button
              type="button"
              onClick={() => onChoose(type)}
              onKeyDown={(event) => moveFocus(event, list.current)}
              className={`flex w-full items-center gap-2 rounded-in px-2 text-left text-13 hover:bg-hover focus-visible:-outline-offset-2 ${type === first ? "bg-hover" : ""} ${size === "touch" ? "h-11" : "h-8"}`}
            >
              <MediaShape media={type.outputs[0]?.type.media ?? "any"} size={8} />
              <span className="truncate">{type.title}</span>
            </button>
          </li>
        ))}
      </ul>
      {types.length === 0 && <p className="p-2 text-12 text-ink-2">{empty}</p>}
    </>
  );
}
