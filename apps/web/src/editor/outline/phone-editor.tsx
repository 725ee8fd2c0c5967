"use client";
import { ChevronLeft, Play, Plus, Redo2, Share, Square, Undo2 } from "lucide-react";
import { isTerminalRun, type NodeType } from "@heddle/core";
import Link from "next/link";
import { useState } from "react";
import { useStore } from "zustand";
import { Button, IconButton } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { ThemeToggle } from "../../ui/theme-toggle.tsx";
import { WorkflowTab } from "../inspector/workflow-tab.tsx";
import { NodeList } from "../palette/node-list.tsx";
import { searchNodes } from "../palette/search-nodes.ts";
import { PauseButton } from "../pause-button.tsx";
import { useDoc, useRuns, useSession, useUi } from "../session-context.tsx";
import { addNode, cancelRun, startRun } from "../state/actions.ts";
import { runOrder } from "../state/graph.ts";
import { runCounts } from "../state/run-counts.ts";
import { totalWords } from "../state/total-words.ts";
import { ProblemList } from "../top-bar/problem-list.tsx";
import { SavedState } from "../top-bar/saved-state.tsx";
import { Outline } from "./outline.tsx";
import { PhoneResults } from "./phone-results.tsx";

type Tab = "outline" | "results" | "workflow";

/** The editor where a canvas has no room: nothing is read-only here. */
export function PhoneEditor() {
  const [tab, setTab] = useState<Tab>("outline");
  const [adding, setAdding] = useState(false);
  return (
    <div className="flex h-dvh flex-col">
      <PhoneHead />
      <nav
        aria-label="Parts of the workflow"
        className="flex-none px-4 pb-3 [&_.segmented]:flex [&_.segmented]:w-full"
      >
        <Segmented
          label="Part"
          size="touch"
          value={tab}
          options={[
            { value: "outline", label: "Outline" },
            { value: "results", label: "Results" },
            { value: "workflow", label: "Workflow" },
          ]}
          onChange={setTab}
        />
      </nav>
      <main className="min-h-0 flex-1 overflow-y-auto">
        {tab === "outline" && (
          <>
            <Outline />
            <div className="p-4">
              <Button
                variant="line"
                size="touch"
                className="w-full"
                onClick={() => setAdding(true)}
              >
                <Icon of={Plus} />
                Add a node
              </Button>
            </div>
          </>
        )}
        {tab === "results" && <PhoneResults />}
        {tab === "workflow" && <WorkflowTab />}
      </main>
      <PhoneRun />
      <AddDialog open={adding} onOpenChange={setAdding} />
    </div>
  );
}

function PhoneHead() {
  const session = useSession();
  const name = useDoc(({ document }) => document.name);
  const canUndo = useDoc(({ past }) => past.length > 0);
  const canRedo = useDoc(({ future }) => future.length > 0);
  return (
    <header className="flex h-16 flex-none items-center gap-1 px-2">
      <Link
        href="/"
        aria-label="All workflows"
        className="grid size-11 flex-none place-items-center rounded-ui hover:bg-hover"
      >
        <Icon of={ChevronLeft} />
      </Link>
      <div className="min-w-0 flex-1">
        <h1 className="truncate text-15 leading-5 font-semibold">{name}</h1>
        <div className="flex items-center overflow-hidden">
          <SavedState />
          <ProblemList />
        </div>
      </div>
      <IconButton
        size="touch"
        label="Undo"
        disabled={!canUndo}
        onClick={session.doc.undo}
        className="max-[400px]:hidden"
      >
        <Icon of={Undo2} />
      </IconButton>
      <IconButton
        size="touch"
        label="Redo"
        disabled={!canRedo}
        onClick={session.doc.redo}
        className="max-[400px]:hidden"
      >
        <Icon of={Redo2} />
      </IconButton>
      <ThemeToggle />
      <IconButton size="touch" label="Share" onClick={() => session.ui.setState({ share: true })}>
        <Icon of={Share} />
      </IconButton>
    </header>
  );
}

/** One large button; while a run is under way, how far it is. */
function PhoneRun() {
  const session = useSession();
  const total = useStore(session.preview, (state) => state.total);
  const submitting = useUi((state) => state.submitting);
  const active = useRuns(({ order, runs }) => {
    const id = order.find((one) => runs[one] !== undefined && !isTerminalRun(runs[one].status));
    return id === undefined ? undefined : runs[id];
  });
  const counts = active === undefined ? null : runCounts(active);
  return (
    <footer className="flex-none border-t border-line bg-panel px-4 pt-3 pb-4 text-center">
      {active !== undefined && counts !== null ? (
        <div className="flex items-center gap-2">
          <Button
            variant="line"
            size="touch"
            className="flex-1"
            onClick={() => void cancelRun(session, active.id)}
          >
            <Icon of={Square} />
            Cancel, {counts.done} of {counts.total}
          </Button>
          <PauseButton run={active} size="touch" />
        </div>
      ) : (
        <Button
          variant="primary"
          size="touch"
          className="w-full"
          disabled={submitting}
          onClick={() => void startRun(session, "all")}
        >
          <Icon of={Play} />
          Run all
        </Button>
      )}
      <p className="mt-2 h-4 text-11 text-ink-2">{total === null ? "" : totalWords(total)}</p>
    </footer>
  );
}

function AddDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const session = useSession();
  const [query, setQuery] = useState("");
  const add = (type: NodeType) => {
    const { document } = session.doc.getState();
    const last = document.nodes[runOrder(document).at(-1) ?? ""];
    addNode(
      session,
      type.type,
      last === undefined ? { x: 0, y: 0 } : { x: last.position.x + 264, y: last.position.y },
    );
    onOpenChange(false);
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Add a node">
      <NodeList
        label="Search nodes"
        placeholder="What should it make?"
        size="touch"
        query={query}
        onQuery={setQuery}
        types={searchNodes(query)}
        onChoose={add}
        empty="No node is called that"
      />
    </Dialog>
  );
}
