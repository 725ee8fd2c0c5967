"use client";
import type { NodeType } from "@heddle/core";
import { useReactFlow } from "@xyflow/react";
import { ChevronDown, ChevronRight, Layers, Search } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { moveFocus } from "./move-focus.ts";
import { nodeDragType } from "./node-drag-type.ts";
import { Icon } from "../../ui/icon.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { MediaShape } from "../../ui/media-shape.tsx";
import { useSession } from "../session-context.tsx";
import { addNode } from "../state/actions.ts";
import { freePlace } from "../state/free-place.ts";
import { groupNodes, type PaletteGroup, searchNodes } from "./search-nodes.ts";

/** Every node there is, by what it makes; search, drag to the canvas, or press Enter. */
export function Palette() {
  const [query, setQuery] = useState("");
  const [taught, setTaught] = useState<NodeType | null>(null);
  const [shut, setShut] = useState<ReadonlySet<string>>(new Set());
  const list = useRef<HTMLDivElement>(null);
  const add = useAddAtCentre();
  const found = searchNodes(query);
  const groups = groupNodes(found);
  const searching = query.trim() !== "";
  const first = searching ? found[0] : undefined;
  return (
    <nav aria-label="Add a node" className="flex min-h-0 flex-col border-r border-line bg-panel">
      <SearchField
        query={query}
        onQuery={setQuery}
        onEnter={() => {
          if (first === undefined) return;
          add(first);
          setQuery("");
        }}
        onDown={() => list.current?.querySelector<HTMLButtonElement>("button[data-node]")?.focus()}
      />
      <div ref={list} data-palette-rows className="min-h-0 flex-1 overflow-y-auto pb-2">
        {groups.map((group) => (
          <Group
            key={group.group}
            group={group}
            open={searching || !shut.has(group.group)}
            best={first}
            onToggle={() => setShut(toggled(shut, group.group))}
            onTeach={setTaught}
            onAdd={add}
          />
        ))}
        {groups.length === 0 && (
          <p className="px-3 py-2 text-12 text-ink-2">
            No node is called that. Try what it makes: image, text, video.
          </p>
        )}
      </div>
      <Teach type={taught ?? first ?? found[0] ?? null} />
    </nav>
  );
}

interface SearchFieldProps {
  readonly query: string;
  readonly onQuery: (query: string) => void;
  readonly onEnter: () => void;
  readonly onDown: () => void;
}

function SearchField({ query, onQuery, onEnter, onDown }: SearchFieldProps) {
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Enter") onEnter();
    else if (event.key === "ArrowDown") onDown();
    else if (event.key === "Escape") {
      onQuery("");
      event.currentTarget.blur();
    } else return;
    event.preventDefault();
  };
  return (
    <div className="m-2 flex h-8 flex-none items-center gap-2 rounded-ui px-2 shadow-[inset_0_0_0_1px_var(--line-control)] focus-within:outline-2 focus-within:outline-accent-line">
      <Icon of={Search} className="text-ink-2" />
      <input
        type="search"
        data-palette-search
        aria-label="Add a node"
        placeholder="Add a node"
        value={query}
        onChange={(event) => onQuery(event.target.value)}
        onKeyDown={onKeyDown}
        className="min-w-0 flex-1 bg-transparent outline-none [&::-webkit-search-cancel-button]:hidden"
      />
      <Kbd>/</Kbd>
    </div>
  );
}

function toggled(set: ReadonlySet<string>, item: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(item)) next.add(item);
  return next;
}

function useAddAtCentre() {
  const session = useSession();
  const { screenToFlowPosition } = useReactFlow();
  return (type: NodeType) => {
    const canvas = document.querySelector(".canvas")?.getBoundingClientRect();
    if (canvas === undefined) return;
    const centre = screenToFlowPosition({
      x: canvas.x + canvas.width / 2,
      y: canvas.y + canvas.height / 2,
    });
    const { document: current, selection } = session.doc.getState();
    const at = freePlace(current, selection, { x: centre.x - 104, y: centre.y - 104 });
    addNode(session, type.type, at);
  };
}

interface GroupProps {
  readonly group: PaletteGroup;
  readonly open: boolean;
  readonly best: NodeType | undefined;
  readonly onToggle: () => void;
  readonly onTeach: (type: NodeType | null) => void;
  readonly onAdd: (type: NodeType) => void;
}

function Group({ group, open, best, onToggle, onTeach, onAdd }: GroupProps) {
  const media = group.group === "flow" || group.group === "output" ? null : group.group;
  return (
    <section aria-label={group.title}>
      <h2>
        <button
          type="button"
          aria-expanded={open}
          onClick={onToggle}
          className="group mt-1 flex h-7 w-full items-center gap-2 px-3 text-11 font-medium text-ink-3 hover:text-ink-1 focus-visible:-outline-offset-2"
        >
          {media === null ? <Icon of={Layers} size={12} /> : <MediaShape media={media} size={8} />}
          <span className="flex-1 text-left">{group.title}</span>
          {!open && <span className="font-normal">{group.types.length}</span>}
          <Icon
            of={open ? ChevronDown : ChevronRight}
            size={12}
            className={open ? "opacity-0 group-hover:opacity-100" : ""}
          />
        </button>
      </h2>
      {open && (
        <ul>
          {group.types.map((type) => (
            <Row key={type.type} type={type} best={type === best} onTeach={onTeach} onAdd={onAdd} />
          ))}
        </ul>
      )}
    </section>
  );
}

interface RowProps extends Pick<GroupProps, "onTeach" | "onAdd"> {
  readonly type: NodeType;
  readonly best: boolean;
}

function Row({ type, best, onTeach, onAdd }: RowProps) {
  const takes = type.fields.filter((field) => field.kind === "port").slice(0, 3);
  return (
    <li className="px-1">
      <button
        type="button"
        data-node={type.type}
        draggable
        onDragStart={(event) => {
          event.dataTransfer.setData(nodeDragType, type.type);
          event.dataTransfer.effectAllowed = "copy";
        }}
        onPointerEnter={() => onTeach(type)}
        onFocus={() => onTeach(type)}
        onClick={() => onAdd(type)}
        onKeyDown={(event) =>
          moveFocus(event, event.currentTarget.closest<HTMLElement>("[data-palette-rows]"))
        }
        className={`flex h-7 w-full items-center gap-2 rounded-in px-2 text-left text-13 [--under:var(--panel)] hover:bg-hover focus-visible:-outline-offset-2 ${best ? "bg-hover" : ""}`}
      >
        <span className="min-w-0 flex-1 truncate">{type.title}</span>
        <span className="flex items-center gap-1.5" aria-hidden="true">
          {takes.map((field) => (
            <MediaShape
              key={field.name}
              media={field.type.media}
              list={field.type.list}
              hollow
              size={7}
              under="var(--panel)"
            />
          ))}
        </span>
      </button>
    </li>
  );
}

/** Help and an example for the row under the pointer or the focus. */
function Teach({ type }: { readonly type: NodeType | null }) {
  if (type === null) return null;
  return (
    <div
      className="m-2 max-h-44 flex-none overflow-y-auto rounded-ui bg-hover p-2 text-11 text-ink-2"
      aria-live="polite"
    >
      <p>
        <b className="block font-medium text-ink-1">{type.title}</b> {type.help}
      </p>
      <p className="mt-1">{type.example}</p>
    </div>
  );
}
