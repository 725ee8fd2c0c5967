"use client";
import { describePort } from "@heddle/core";
import { Handle, Position } from "@xyflow/react";
import clsx from "clsx";
import { memo } from "react";
import { MediaShape } from "../../ui/media-shape.tsx";
import { useUi } from "../session-context.tsx";
import { portReach } from "./flow-elements.ts";
import type { Socket } from "./node-layout.ts";

export interface PortProps {
  readonly nodeId: string;
  readonly socket: Socket;
}

/** A port: a shape in the colour of its media on the edge of the node. */
export const Port = memo(function Port({ nodeId, socket }: PortProps) {
  const { side, name, label, type, wired, y } = socket;
  const fit = useUi(({ wire }) => {
    if (
      wire === null ||
      (wire.from.node === nodeId && wire.from.port === name && wire.side === side)
    )
      return "rest";
    return wire.can(nodeId, side, name) ? "can" : "cannot";
  });
  return (
    <Handle
      id={name}
      type={side === "input" ? "target" : "source"}
      position={side === "input" ? Position.Left : Position.Right}
      style={{ top: y - portReach }}
      className={clsx(`media-${type.media}`, fit)}
    >
      <MediaShape media={type.media} list={type.list} hollow={!wired} />
      <span className="port-label">{label.toLowerCase()}</span>
      <span className="sr-only">
        {side}, {describePort(type)}
      </span>
    </Handle>
  );
});

/** Where a port is, for the canvas to measure; too far away to be seen or pulled. */
export function FarPort({ nodeId, socket }: PortProps) {
  const input = socket.side === "input";
  return (
    <i
      className={`far-port nodrag ${input ? "target" : "source"}`}
      style={{ top: socket.y - portReach }}
      data-handleid={socket.name}
      data-nodeid={nodeId}
      data-handlepos={input ? Position.Left : Position.Right}
    />
  );
}
