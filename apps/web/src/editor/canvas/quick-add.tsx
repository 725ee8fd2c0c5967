"use client";
import { canConnect, type NodeType, type Position as Point, type PortType } from "@heddle/core";
import { useEffect, useRef, useState } from "react";
import { useSession } from "../session-context.tsx";
import { newNode } from "../state/node-edits.ts";
import { newId } from "../state/new-id.ts";
import { typesOf } from "../state/graph.ts";
import type { WireDrag } from "../state/ui-store.ts";
import { NodeList } from "../palette/node-list.tsx";
import { searchNodes } from "../palette/search-nodes.ts";
import { TextField } from "../../ui/text-field.tsx";

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
  const { wire, screen, at } = request;
  const [query, setQuery] = useState("");
  const panel = useRef<HTMLDivElement>(null);
  const end = portOf(session.doc.getState().document, wire);
  const fitting = searchNodes(query).filter((type) => end !== null && fittingPort(type, end, wire.side) !== null);
  useEffect(() => {
    const leave = (event: PointerEvent) => {
      if (event.target instanceof Node && panel.current?.contains(event.target) !== true) onClose();
    };
    window.addEventListener("pointerdown", leave, true);
    return () => window.removeEventListener("pointerdown", leave, true);
  }, [onClose]);
  const add = (type: NodeType) => {
    const port = end === null ? null : fittingPort(type, end, wire.side);
    onClose();
    if (port === null) return;
    const { document } = session.doc.getState();
    const place = wire.side === "output" ? { x: at.x + 8, y: at.y - 24 } : { x: at.x - 216, y: at.y - 24 };
    const { id, node } = newNode(document, type.type, place);
    const other = { node: id, port };
    const ends = wire.side === "output" ? { from: wire.from, to: other } : { from: other, to: wire.from };
    session.doc.edit({
      type: "batch",
      edits: [
        { type: "addNodes", nodes: { [id]: node } },
        { type: "addEdges", edges: [{ id: newId("wire"), ...ends }] },
      ],
    });
    session.doc.select([id]);
  };
  const words = wire.side === "output" ? "What takes this" : "What makes this";
  return (
    <div
      ref={panel}
      role="dialog"
      aria-label={words}
      className="fixed z-30 flex max-h-80 w-64 flex-col rounded-ui bg-raised p-1 shadow-float"
      style={{ left: Math.min(screen.x, window.innerWidth - 272), top: Math.min(screen.y, window.innerHeight - 336) }}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      <NodeList types={fitting} onChoose={add} empty="Nothing fits here">
        {(keys) => (
          <TextField autoFocus aria-label={words} placeholder={words} value={query} className="mb-1" onChange={(event) => setQuery(event.target.value)} {...keys} />
        )}
      </NodeList>
    </div>
  );
}

function portOf(document: Parameters<typeof typesOf>[0], wire: WireDrag): PortType | null {
  const ports = typesOf(document).get(wire.from.node);
  const found =
    wire.side === "output"
      ? ports?.outputs.find(({ name }) => name === wire.from.port)
      : ports?.inputs.find(({ field }) => field.name === wire.from.port);
  return found?.type ?? null;
}

/** The port of a type that this end fits best: a port of its own before a parameter, its media before anything. */
function fittingPort(type: NodeType, end: PortType, side: "input" | "output"): string | null {
  if (side === "input") return type.outputs.find((output) => canConnect(output.type, end))?.name ?? null;
  const fits = type.fields.filter((field) => field.wirable && field.kind === "port" && canConnect(end, field.type));
  return (fits.find((field) => field.type.media === end.media) ?? fits[0])?.name ?? null;
}

