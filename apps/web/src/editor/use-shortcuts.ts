"use client";
import { useReactFlow } from "@xyflow/react";
import { useEffect, useEffectEvent } from "react";
import { toast } from "../ui/toast.tsx";
import { useSession } from "./session-context.tsx";
import * as actions from "./state/actions.ts";

const arrows: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowLeft: { x: -8, y: 0 },
  ArrowRight: { x: 8, y: 0 },
  ArrowUp: { x: 0, y: -8 },
  ArrowDown: { x: 0, y: 8 },
};

/** Keys and the clipboard of the editor. A field that has the focus keeps its own keys. */
export function useShortcuts(): void {
  const session = useSession();
  const { fitView } = useReactFlow();
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key === "Enter") {
      event.preventDefault();
      return void actions.startRun(session, "all");
    }
    if (isBusy(event)) return;
    const done = command ? commandKey(event) : plainKey(event);
    if (done) event.preventDefault();
  });
  const commandKey = (event: KeyboardEvent): boolean => {
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
  };
  const plainKey = (event: KeyboardEvent): boolean => {
    const arrow = arrows[event.key];
    if (arrow !== undefined) {
      // A focused node is moved by the canvas itself.
      if (event.target instanceof Element && event.target.closest(".react-flow__node, [role=tablist], [role=toolbar], nav, aside, section")) return false;
      const by = event.shiftKey ? 4 : 1;
      actions.moveSelection(session, { x: arrow.x * by, y: arrow.y * by });
      return true;
    }
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
      case "1":
        void fitView({ duration: 200, maxZoom: 1, padding: 0.15 });
        return true;
      default:
        return false;
    }
  };
  const onCopy = useEffectEvent((event: ClipboardEvent, cut: boolean) => {
    if (isEditing(event.target) || (window.getSelection()?.toString() ?? "") !== "") return;
    const text = actions.copySelection(session);
    if (text === null) return;
    event.clipboardData?.setData("text/plain", text);
    event.preventDefault();
    if (cut) actions.removeSelection(session);
  });
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    if (isEditing(event.target)) return;
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text === "") return;
    event.preventDefault();
    if (!actions.paste(session, text, pasteAt())) toast({ title: "Nothing to paste", description: "The clipboard holds no nodes." });
  });
  /** Where a paste goes: the middle of the canvas. */
  const flow = useReactFlow();
  const pasteAt = () => {
    const box = document.querySelector(".canvas")?.getBoundingClientRect();
    if (box === undefined) return { x: 0, y: 0 };
    return flow.screenToFlowPosition({ x: box.x + box.width / 3, y: box.y + box.height / 3 });
  };
  useEffect(() => {
    const key = (event: KeyboardEvent) => onKey(event);
    const copy = (event: ClipboardEvent) => onCopy(event, false);
    const cut = (event: ClipboardEvent) => onCopy(event, true);
    const paste = (event: ClipboardEvent) => onPaste(event);
    window.addEventListener("keydown", key);
    window.addEventListener("copy", copy);
    window.addEventListener("cut", cut);
    window.addEventListener("paste", paste);
    return () => {
      window.removeEventListener("keydown", key);
      window.removeEventListener("copy", copy);
      window.removeEventListener("cut", cut);
      window.removeEventListener("paste", paste);
    };
  }, []);
}

function isEditing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

/** Something else has the keys: a field, a menu, a dialog. */
function isBusy(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || isEditing(event.target)) return true;
  return event.target instanceof Element && event.target.closest("[role=dialog], [role=menu], [role=listbox]") !== null;
}
