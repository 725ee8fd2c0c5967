"use client";
import { useReactFlow, useStore } from "@xyflow/react";
import { Map as MapIcon, Maximize, Minus, Plus } from "lucide-react";
import { IconButton } from "../../ui/button.tsx";
import { moveMs } from "../../ui/motion.ts";
import { Icon } from "../../ui/icon.tsx";

export interface CanvasToolsProps {
  readonly map: boolean;
  readonly onMap: () => void;
}

/** Zoom and map, at the foot of the canvas. */
export function CanvasTools({ map, onMap }: CanvasToolsProps) {
  const pace = () => ({ duration: moveMs() });
  const { zoomIn, zoomOut, zoomTo, fitView } = useReactFlow();
  return (
    <div
      role="toolbar"
      aria-label="View"
      className="absolute bottom-3 left-3 z-5 flex h-8 items-center rounded-ui bg-panel shadow-[0_0_0_1px_var(--line)]"
    >
      <IconButton label="Zoom out" onClick={() => void zoomOut(pace())}>
        <Icon of={Minus} />
      </IconButton>
      <button
        type="button"
        className="h-8 w-12 rounded-ui text-center text-12 hover:bg-hover"
        onClick={() => void zoomTo(1, pace())}
      >
        <span className="sr-only">Zoom to 100 %, now </span>
        <Percent />
      </button>
      <IconButton label="Zoom in" onClick={() => void zoomIn(pace())}>
        <Icon of={Plus} />
      </IconButton>
      <IconButton
        label="Show everything"
        shortcut="1"
        onClick={() => void fitView({ ...pace(), maxZoom: 1, padding: 0.15 })}
      >
        <Icon of={Maximize} />
      </IconButton>
      <IconButton
        label="Map"
        aria-pressed={map}
        onClick={onMap}
        className={map ? "text-ink-1!" : ""}
      >
        <Icon of={MapIcon} />
      </IconButton>
    </div>
  );
}

function Percent() {
  const percent = useStore((state) => Math.round(state.transform[2] * 100));
  return <span>{percent} %</span>;
}
