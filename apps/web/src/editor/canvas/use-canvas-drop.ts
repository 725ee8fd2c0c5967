"use client";
import { useReactFlow } from "@xyflow/react";
import type { DragEvent } from "react";
import { nodeDragType } from "../palette/node-drag-type.ts";
import { addNode } from "../state/actions.ts";
import { dropFiles } from "../state/file-actions.ts";
import type { EditorSession } from "../state/session.ts";

/** What is dropped on the canvas: a row of the palette, or files. */
export function useCanvasDrop(session: EditorSession) {
  const { screenToFlowPosition } = useReactFlow();
  return {
    onDragOver: (event: DragEvent) => {
      const { types } = event.dataTransfer;
      if (types.includes(nodeDragType) || types.includes("Files")) event.preventDefault();
    },
    onDrop: (event: DragEvent) => {
      const type = event.dataTransfer.getData(nodeDragType);
      const files = [...event.dataTransfer.files];
      if (type === "" && files.length === 0) return;
      event.preventDefault();
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY });
      if (type !== "") addNode(session, type, { x: at.x - 104, y: at.y - 24 });
      else dropFiles(session, files, { nodeId: nodeUnder(event.target), at });
    },
  };
}

function nodeUnder(target: EventTarget): string | null {
  const node = target instanceof Element ? target.closest(".react-flow__node") : null;
  return node?.getAttribute("data-id") ?? null;
}
