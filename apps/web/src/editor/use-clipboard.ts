"use client";
import { useReactFlow } from "@xyflow/react";
import { useEffect, useEffectEvent } from "react";
import { toast } from "../ui/toast.tsx";
import { isEditing } from "./is-editing.ts";
import { copySelection, paste, removeSelection } from "./state/actions.ts";
import type { EditorSession } from "./state/session.ts";

/** Copies nodes with the wires between them as JSON text, and pastes them here or in another workflow. */
export function useClipboard(session: EditorSession): void {
  const { screenToFlowPosition } = useReactFlow();
  const copy = useEffectEvent((event: ClipboardEvent) => {
    if (isEditing(event.target) || (window.getSelection()?.toString() ?? "") !== "") return;
    const text = copySelection(session);
    if (text === null) return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    if (event.type === "cut") removeSelection(session);
  });
  const insert = useEffectEvent((event: ClipboardEvent) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (isEditing(event.target) || text === "") return;
    event.preventDefault();
    const box = document.querySelector(".canvas")?.getBoundingClientRect();
    const at =
      box === undefined
        ? { x: 0, y: 0 }
        : screenToFlowPosition({ x: box.x + box.width / 3, y: box.y + box.height / 3 });
    if (!paste(session, text, at))
      toast({ title: "Nothing to paste", description: "The clipboard holds no nodes." });
  });
  useEffect(() => {
    const onCopy = (event: ClipboardEvent) => copy(event);
    const onPaste = (event: ClipboardEvent) => insert(event);
    window.addEventListener("copy", onCopy);
    window.addEventListener("cut", onCopy);
    window.addEventListener("paste", onPaste);
    return () => {
      window.removeEventListener("copy", onCopy);
      window.removeEventListener("cut", onCopy);
      window.removeEventListener("paste", onPaste);
    };
  }, []);
}
