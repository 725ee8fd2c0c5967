"use client";
import { ChevronDown, Redo2, Share, Undo2 } from "lucide-react";
import Link from "next/link";
import { Button, IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Mark } from "../../ui/mark.tsx";
import { Menu } from "../../ui/menu.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { ThemeToggle } from "../../ui/theme-toggle.tsx";
import { useDoc, useSession, useUi } from "../session-context.tsx";
import { exportDocument } from "../state/export-document.ts";
import { ProblemList } from "./problem-list.tsx";
import { RunButton } from "./run-button.tsx";
import { RunPills } from "./run-pills.tsx";
import { SavedState } from "./saved-state.tsx";

/** Name and state at the left, what can be done at the right. */
export function TopBar() {
  const session = useSession();
  const canUndo = useDoc(({ past }) => past.length > 0);
  const canRedo = useDoc(({ future }) => future.length > 0);
  const view = useUi((state) => state.view);
  return (
    <header className="relative z-10 flex h-12 items-center gap-1 border-b border-line bg-panel pr-2 pl-1.5">
      <Link
        href="/"
        aria-label="All workflows"
        className="grid size-8 flex-none place-items-center rounded-ui hover:bg-hover"
      >
        <Mark />
      </Link>
      <Name />
      <SavedState />
      <ProblemList />
      <span className="mx-2 h-4 w-px flex-none bg-line" />
      <IconButton label="Undo" shortcut="Ctrl Z" disabled={!canUndo} onClick={session.doc.undo}>
        <Icon of={Undo2} />
      </IconButton>
      <IconButton
        label="Redo"
        shortcut="Ctrl Shift Z"
        disabled={!canRedo}
        onClick={session.doc.redo}
      >
        <Icon of={Redo2} />
      </IconButton>
      <span className="flex-1" />
      <RunPills />
      <span className="mr-1 hidden lg:block">
        <Segmented
          label="View"
          value={view}
          options={[
            { value: "canvas", label: "Canvas" },
            { value: "outline", label: "Outline" },
          ]}
          onChange={(next) => session.ui.setState({ view: next })}
        />
      </span>
      <ThemeToggle />
      <Button onClick={() => session.ui.setState({ share: true })}>
        <Icon of={Share} />
        Share
      </Button>
      <RunButton />
    </header>
  );
}

/** The workflow's name, changed where it stands. */
function Name() {
  const session = useSession();
  const name = useDoc(({ document }) => document.name);
  return (
    <div className="flex min-w-0 items-center">
      <h1 className="sr-only">{name}</h1>
      <span className="relative inline-grid max-w-64 min-w-12 items-center">
        <span
          aria-hidden="true"
          className="invisible col-start-1 row-start-1 truncate px-2 font-semibold whitespace-pre"
        >
          {name}
        </span>
        <input
          aria-label="Name of the workflow"
          value={name}
          size={1}
          maxLength={120}
          onChange={(event) => {
            if (event.target.value !== "")
              session.doc.edit(
                { type: "setMeta", meta: { name: event.target.value } },
                { merge: "meta name" },
              );
          }}
          onBlur={session.doc.endMerge}
          onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
          className="col-start-1 row-start-1 h-8 w-full min-w-0 truncate rounded-ui bg-transparent px-2 font-semibold hover:bg-hover focus:bg-hover"
        />
      </span>
      <Menu
        trigger={
          <IconButton label="Workflow menu" size="small">
            <Icon of={ChevronDown} size={12} />
          </IconButton>
        }
        groups={[
          [
            { label: "Publish and share", onSelect: () => session.ui.setState({ share: true }) },
            {
              label: "Download as a file",
              onSelect: () => exportDocument(session.doc.getState().document),
            },
          ],
          [
            {
              label: "Shortcuts",
              note: "?",
              onSelect: () => session.ui.setState({ shortcuts: true }),
            },
          ],
        ]}
      />
    </div>
  );
}
