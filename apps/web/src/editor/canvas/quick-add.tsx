"use client";
import {
  canConnect,
  type Document,
  type NodeType,
  type Position as Point,
  type PortType,
} from "@heddle/core";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useSession } from "../session-context.tsx";
import { newNode } from "../state/node-edits.ts";
import { newId } from "../state/new-id.ts";
import { typesOf } from "../state/graph.ts";
import type { EditorSession } from "../state/session.ts";
import type { WireDrag } from "../state/ui-store.ts";
import { NodeList } from "../palette/node-list.tsx";
import { searchNodes } from "../palette/search-nodes.ts";

export interface QuickAddRequest {
  readonly wire: WireDrag;
  /** Where the wire was dropped. */
  readonly screen: Point;
  readonly at: Point;
}

export interface QuickAddProps {
  readonly request: QuickAddRequest;
  readonly onClose: () => void;
}

/** A wire dropped on empty canvas asks what comes next; what is chosen is wired already. */
export function QuickAdd({ request, onClose }: QuickAddProps) {
  const session = useSession();
  const { wire, screen } = request;
  const [query, setQuery] = useState("");
  const panel = useRef<HTMLDialogElement>(null);
  const end = portOf(session.doc.getState().document, wire);
  const fitting = searchNodes(query).filter(
    (type) => end !== null && fittingPort(type, end, wire.side) !== null,
  );
  useLeave(panel, onClose);
  const add = (type: NodeType) => {
    onClose();
    const port = end === null ? null : fittingPort(type, end, wire.side);
    if (port !== null) addWired(session, request, { type: type.type, port });
  };
  const words = wire.side === "output" ? "What takes this" : "What makes this";
  return (
    <dialog
      open
      ref={panel}
      aria-label={words}
      className="fixed z-30 m-0 flex max-h-80 w-64 flex-col rounded-ui border-0 bg-raised p-1 text-ink-1 shadow-float"
      style={{
        left: Math.min(screen.x, window.innerWidth - 272),
        top: Math.min(screen.y, window.innerHeight - 336),
      }}
    >
      <NodeList
        label={words}
        placeholder={words}
        query={query}
        onQuery={setQuery}
        types={fitting}
        onChoose={add}
        empty="Nothing fits here"
      />
    </dialog>
  );
}

/** Calls back when the pointer goes elsewhere, or Escape is pressed. */
function useLeave(panel: RefObject<HTMLElement | null>, onLeave: () => void): void {
  useEffect(() => {
    const press = (event: PointerEvent) => {
      if (event.target instanceof Node && panel.current?.contains(event.target) !== true) onLeave();
    };
    const key = (event: KeyboardEvent) => event.key === "Escape" && onLeave();
    window.addEventListener("pointerdown", press, true);
    window.addEventListener("keydown", key);
    return () => {
      window.removeEventListener("pointerdown", press, true);
      window.removeEventListener("keydown", key);
    };
  }, [panel, onLeave]);
}

/** The node and its wire in one step of undo. */
function addWired(
  session: EditorSession,
  { wire, at }: QuickAddRequest,
  added: { readonly type: string; readonly port: string },
): void {
  const forwards = wire.side === "output";
  const place = { x: forwards ? at.x + 8 : at.x - 216, y: at.y - 24 };
  const { id, node } = newNode(session.doc.getState().document, added.type, place);
  const other = { node: id, port: added.port };
  const ends = forwards ? { from: wire.from, to: other } : { from: other, to: wire.from };
  const edits = [
    { type: "addNodes", nodes: { [id]: node } },
    { type: "addEdges", edges: [{ id: newId("wire"), ...ends }] },
  ] as const;
  session.doc.edit({ type: "batch", edits });
  session.doc.select([id]);
}

function portOf(document: Document, wire: WireDrag): PortType | null {
  const ports = typesOf(document).get(wire.from.node);
  const found =
    wire.side === "output"
      ? ports?.outputs.find(({ name }) => name === wire.from.port)
      : ports?.inputs.find(({ field }) => field.name === wire.from.port);
  return found?.type ?? null;
}

/** The port of a type that this end fits best: a port of its own before a parameter, its media before anything. */
function fittingPort(type: NodeType, end: PortType, side: "input" | "output"): string | null {
  if (side === "input")
    return type.outputs.find((output) => canConnect(output.type, end))?.name ?? null;
  const fits = type.fields.filter(
    (field) => field.wirable && field.kind === "port" && canConnect(end, field.type),
  );
  return (fits.find((field) => field.type.media === end.media) ?? fits[0])?.name ?? null;
}
