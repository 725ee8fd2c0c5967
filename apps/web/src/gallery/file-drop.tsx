"use client";
import { Upload } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import type { Start } from "./gallery.tsx";

const maxFileBytes = 8 * 1024 * 1024;

/** Opens a `.heddle.json` that is chosen, or dropped anywhere on the page. */
export function FileDrop({ onOpen }: { readonly onOpen: (start: Start) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    const result = await readDocument(file);
    setProblem(result.ok ? null : result.problem);
    if (result.ok) onOpen({ kind: "document", document: result.document });
  };
  const take = (from: HTMLInputElement) => {
    void read(from.files?.[0]);
    from.value = "";
  };
  // One may have been chosen before the page came to life.
  const takeEarly = useEffectEvent(() => input.current !== null && take(input.current));
  useEffect(() => void takeEarly(), []);
  const dragging = usePageDrop((file) => void read(file));
  return (
    <div
      className={`flex aspect-square flex-col items-center justify-center rounded-ui border border-dashed p-4 text-center max-md:aspect-auto max-md:h-full ${dragging ? "border-accent-line bg-accent-soft" : "border-line-control"}`}
    >
      <Icon of={Upload} className="mb-2 text-ink-2" />
      <p className="font-medium">Drop a file anywhere</p>
      <p className="mt-1 mb-3 text-12 text-ink-2 max-md:hidden">
        A .heddle.json: the workflow opens as a copy.
      </p>
      <Button variant="line" size="small" onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        className="sr-only"
        tabIndex={-1}
        aria-label="Choose a workflow file"
        onChange={(event) => take(event.target)}
      />
      {problem !== null && (
        <p role="alert" className="mt-3 text-12 text-danger">
          {problem}
        </p>
      )}
    </div>
  );
}

type ReadResult =
  | { readonly ok: true; readonly document: unknown }
  | { readonly ok: false; readonly problem: string };

async function readDocument(file: File): Promise<ReadResult> {
  if (file.size > maxFileBytes)
    return { ok: false, problem: `${file.name} is larger than 8 MB, so it is no workflow.` };
  try {
    const document: unknown = JSON.parse(await file.text());
    return { ok: true, document };
  } catch {
    return { ok: false, problem: `${file.name} is not JSON. A workflow is a .heddle.json file.` };
  }
}

/** Calls back for a file dropped anywhere on the page; tells whether one hangs over it. */
function usePageDrop(onFile: (file: File | undefined) => void): boolean {
  const [dragging, setDragging] = useState(false);
  const take = useEffectEvent(onFile);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!(event.dataTransfer?.types.includes("Files") ?? false)) return;
      event.preventDefault();
      setDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setDragging(false);
      take(event.dataTransfer?.files[0]);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return dragging;
}
