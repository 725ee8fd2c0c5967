"use client";
import { useReactFlow } from "@xyflow/react";
import { useEffect, useEffectEvent } from "react";
import { moveMs } from "../ui/motion.ts";
import { useSession } from "./session-context.tsx";
import * as actions from "./state/actions.ts";
import type { EditorSession } from "./state/session.ts";
import { useClipboard } from "./use-clipboard.ts";
import { isEditing } from "./is-editing.ts";

/** Keys of the editor. A field, a menu or a dialog that has the focus keeps its own keys. */
export function useShortcuts(): void {
  const session = useSession();
  const { fitView } = useReactFlow();
  useClipboard(session);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === "Enter") {
      event.preventDefault();
      void actions.startRun(session, "all");
      return;
    }
    if (isBusy(event)) return;
    if (event.key === "1" && !command)
      void fitView({ duration: moveMs(), maxZoom: 1, padding: 0.15 });
    const taken = command
      ? commandKey(session, event)
      : arrowKey(session, event) || plainKey(session, event);
    if (taken) event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

/** Something else has the keys. */
function isBusy(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isEditing(event.target)) return true;
  return (
    event.target instanceof Element &&
    event.target.closest("[role=dialog], dialog, [role=menu], [role=listbox]") !== null
  );
}

/** Whether the key was one of ours. */
function commandKey(session: EditorSession, event: KeyboardEvent): boolean {
  switch (event.key.toLowerCase()) {
    case "z":
      if (event.shiftKey) session.doc.redo();
      else session.doc.undo();
      return true;
    case "y":
      session.doc.redo();
      return true;
    case "a":
      actions.selectAll(session);
      return true;
    case "d":
      actions.duplicateSelection(session);
      return true;
    case "b":
      actions.toggleMode(session, "bypassed");
      return true;
    case "m":
      actions.toggleMode(session, "muted");
      return true;
    default:
      return false;
  }
}

const arrows: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: -8, y: 0 },
  ArrowRight: { x: 8, y: 0 },
  ArrowUp: { x: 0, y: -8 },
  ArrowDown: { x: 0, y: 8 },
};

/** Moves what is selected. A focused node is moved by the canvas itself, and tabs and lists have arrows of their own. */
function arrowKey(session: EditorSession, event: KeyboardEvent): boolean {
  const arrow = arrows[event.key];
  if (arrow === undefined) return false;
  const elsewhere =
    ".react-flow__node, [role=tablist], [role=toolbar], [role=group], nav, aside, section";
  if (event.target instanceof Element && event.target.closest(elsewhere) !== null) return false;
  const by = event.shiftKey ? 4 : 1;
  actions.moveSelection(session, { x: arrow.x * by, y: arrow.y * by });
  return true;
}

function plainKey(session: EditorSession, event: KeyboardEvent): boolean {
  switch (event.key) {
    case "Delete":
    case "Backspace":
      actions.removeSelection(session);
      return true;
    case "Enter":
      if (event.shiftKey) void actions.startRun(session, "to");
      return event.shiftKey;
    case "Escape":
      session.doc.select([]);
      return false;
    case "/":
      document.querySelector<HTMLInputElement>("[data-palette-search]")?.focus();
      return true;
    case "?":
      session.ui.setState({ shortcuts: true });
      return true;
    default:
      return false;
  }
}
