"use client";
import { catalog } from "@heddle/catalog";
import { connectionProblem } from "@heddle/core";
import {
  type ConnectionLineComponentProps,
  Position,
  useConnection,
  useViewport,
} from "@xyflow/react";
import { useDoc, useUi } from "../session-context.tsx";
import { typesOf } from "../state/graph.ts";
import { portReach } from "./flow-elements.ts";
import { wireEnds } from "./wire-ends.ts";
import { wirePath } from "./wire-path.ts";

/** The wire under the hand. */
export function DragWire({ fromX, fromY, toX, toY, fromPosition }: ConnectionLineComponentProps) {
  const wire = useUi((state) => state.wire);
  const media = useDoc(({ document }) => {
    const ports = wire === null ? undefined : typesOf(document).get(wire.from.node);
    const output = ports?.outputs.find(
      ({ name }) => wire?.side === "output" && name === wire.from.port,
    );
    const input = ports?.inputs.find(
      ({ field }) => wire?.side === "input" && field.name === wire.from.port,
    );
    return (output ?? input)?.type.media ?? "any";
  });
  const backwards = fromPosition === Position.Left;
  const start = { x: fromX + (backwards ? portReach : -portReach), y: fromY };
  const end = { x: toX, y: toY };
  const path = backwards ? wirePath(end, start) : wirePath(start, end);
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
    return ends === null ? null : (connectionProblem(document, catalog, ends)?.message ?? null);
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
