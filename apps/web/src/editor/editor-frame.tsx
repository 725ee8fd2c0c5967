"use client";
import { useEffect } from "react";
import { Canvas } from "./canvas/canvas.tsx";
import { ConflictDialog } from "./dialogs/conflict-dialog.tsx";
import { ShareDialog } from "./dialogs/share-dialog.tsx";
import { ShortcutsDialog } from "./dialogs/shortcuts-dialog.tsx";
import { Inspector } from "./inspector/inspector.tsx";
import { Outline } from "./outline/outline.tsx";
import { PhoneEditor } from "./outline/phone-editor.tsx";
import { Palette } from "./palette/palette.tsx";
import { Filmstrip } from "./results/filmstrip.tsx";
import { Lightbox } from "./results/lightbox.tsx";
import { useDoc, useUi } from "./session-context.tsx";
import { TopBar } from "./top-bar/top-bar.tsx";
import { useMedia } from "./use-media.ts";
import { useShortcuts } from "./use-shortcuts.ts";

/** Top bar, palette, canvas, inspector and filmstrip; on a narrow screen the outline instead. */
export function EditorFrame() {
  const wide = useMedia("(min-width: 900px)");
  const name = useDoc(({ document }) => document.name);
  useEffect(() => {
    document.title = `${name} · Heddle`;
  }, [name]);
  return (
    <>
      {wide ? <DesktopEditor /> : <PhoneEditor />}
      <Lightbox />
      <ShareDialog />
      <ConflictDialog />
      <ShortcutsDialog />
    </>
  );
}

function DesktopEditor() {
  const view = useUi((state) => state.view);
  useShortcuts();
  return (
    <div className="grid h-dvh grid-cols-[var(--palette)_minmax(0,1fr)_var(--inspector)] grid-rows-[var(--bar)_minmax(0,1fr)_var(--filmstrip)]">
      <div className="col-span-3 min-w-0">
        <TopBar />
      </div>
      <div className="row-span-2 grid min-h-0 min-w-0 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)]">
        <Palette />
      </div>
      {view === "canvas" ? (
        <Canvas />
      ) : (
        <main aria-label="Outline" className="mx-auto min-h-0 w-full max-w-2xl overflow-y-auto">
          <Outline />
        </main>
      )}
      <div className="row-span-2 grid min-h-0 min-w-0 grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)]">
        <Inspector />
      </div>
      <Filmstrip />
    </div>
  );
}
