"use client";
import { catalog } from "@heddle/catalog";
import { type EdgeProps, useStore as useFlow } from "@xyflow/react";
import clsx from "clsx";
import { memo } from "react";
import { useDoc, useNodeChange, useNodeRun } from "../session-context.tsx";
import { isFar } from "./farness.ts";
import { type FlowWire, portReach } from "./flow-elements.ts";
import { wirePath } from "./wire-path.ts";

/** A wire in the colour of what it carries; it also tells whether the value is here yet. */
export const Wire = memo(function Wire(props: EdgeProps<FlowWire>) {
  const { source, sourceX, sourceY, targetX, targetY, data } = props;
  const here = useValueHere(source);
  const path = wirePath(
    { x: sourceX - portReach, y: sourceY },
    { x: targetX + portReach, y: targetY },
  );
  const { type, passes } = data ?? { type: { media: "any", list: false }, passes: false };
  const waiting = !here && !passes;
  const far = useFlow(isFar);
  if (far) return <path className={`wire far media-${type.media}`} d={path} />;
  return (
    <g className={`media-${type.media}`}>
      <path className="wire-halo" d={path} />
      <path className={clsx("wire", { list: type.list, waiting, passes })} d={path} />
      {type.list && <path className="wire-gap" d={path} />}
      <path
        className="react-flow__edge-interaction"
        d={path}
        fill="none"
        strokeOpacity={0}
        strokeWidth={16}
      />
    </g>
  );
});

/** Whether what the node gives is there: an input's own value, or a result that still holds. */
function useValueHere(nodeId: string): boolean {
  const { activity, result } = useNodeRun(nodeId);
  const change = useNodeChange(nodeId);
  const given = useDoc(({ document }) => {
    const node = document.nodes[nodeId];
    const type = catalog.get(node?.type ?? "");
    if (node === undefined || type?.role !== "input") return false;
    const value = node.params["value"] ?? type.fields.find(({ name }) => name === "value")?.default;
    return value !== undefined && value !== null;
  });
  return given || (result !== null && activity.kind === "idle" && change === null);
}
