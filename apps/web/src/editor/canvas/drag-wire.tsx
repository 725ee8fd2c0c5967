"use client";
import { catalog } from "@heddle/catalog";
import { connectionProblem, describePort, type Document, type PortType } from "@heddle/core";
import {
  type ConnectionLineComponentProps,
  Position,
  useConnection,
  useViewport,
} from "@xyflow/react";
import { useDoc, useUi } from "../session-context.tsx";
import { typesOf } from "../state/graph.ts";
import { wireEnds, type WireEnds } from "./wire-ends.ts";
import { wirePath } from "./wire-path.ts";

/** The wire under the hand. */
export function DragWire({ fromX, fromY, toX, toY, fromPosition }: ConnectionLineComponentProps) {
  const wire = useUi((state) => state.wire);
  const media = useDoc(({ document }) => {
    if (wire === null) return "any";
    const type =
      wire.side === "output" ? outputType(document, wire.from) : inputType(document, wire.from);
    return type?.media ?? "any";
  });
  const start = { x: fromX, y: fromY };
  const end = { x: toX, y: toY };
  const path = fromPosition === Position.Left ? wirePath(end, start) : wirePath(start, end);
  return (
    <g className={`media-${media}`}>
      <path className="wire-halo" d={path} />
      <path className="wire" d={path} />
    </g>
  );
}

/** Why the port under the pointer cannot take the wire, in words, at the pointer. */
export function WireWhy() {
  const connection = useConnection();
  const { x, y, zoom } = useViewport();
  const message = useDoc(({ document }) => {
    if (!connection.inProgress || connection.isValid !== false) return null;
    const ends = wireEnds(connection.fromHandle, connection.toHandle);
    return ends === null
      ? "Two of a kind: a wire goes from an output to an input"
      : whyNot(document, ends);
  });
  if (message === null || connection.to === null) return null;
  return (
    <output
      className="wire-why"
      style={{ left: connection.to.x * zoom + x + 20, top: connection.to.y * zoom + y - 14 }}
    >
      {message}
    </output>
  );
}

function whyNot(document: Document, ends: WireEnds): string | null {
  const problem = connectionProblem(document, catalog, ends);
  if (problem?.code !== "wire_type") return problem?.message ?? null;
  const [given, taken] = [outputType(document, ends.from), inputType(document, ends.to)];
  if (given === undefined || taken === undefined) return problem.message;
  const words = describePort({ ...given, list: false });
  return `${words.charAt(0).toUpperCase()}${words.slice(1)} does not fit ${describePort({ ...taken, list: false })} here`;
}

function outputType(document: Document, { node, port }: WireEnds["from"]): PortType | undefined {
  return typesOf(document)
    .get(node)
    ?.outputs.find(({ name }) => name === port)?.type;
}

function inputType(document: Document, { node, port }: WireEnds["to"]): PortType | undefined {
  return typesOf(document)
    .get(node)
    ?.inputs.find(({ field }) => field.name === port)?.type;
}
