"use client";
import { Popover } from "@base-ui/react/popover";
import { catalog } from "@heddle/catalog";
import { nodeTitle, type Problem } from "@heddle/core";
import clsx from "clsx";
import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import { Icon } from "../../ui/icon.tsx";
import { popupClass } from "../../ui/popup.ts";
import { useDoc, useSession } from "../session-context.tsx";
import { problemWords } from "../state/problem-words.ts";
import { reveal } from "../state/actions.ts";

/** `2 problems`: a list of what is in the way; each leads to its node. */
export function ProblemList() {
  const session = useSession();
  const { problems, notices } = useStore(session.problems);
  const [open, setOpen] = useState(false);
  const count = problems.length || notices.length;
  if (count === 0) return null;
  const blocking = problems.length > 0;
  const word = blocking
    ? count === 1
      ? "problem"
      : "problems"
    : count === 1
      ? "notice"
      : "notices";
  const go = (nodeId: string | undefined) => {
    setOpen(false);
    if (nodeId !== undefined) reveal(session, nodeId);
  };
  return (
    <Popover.Root open={open} onOpenChange={setOpen}>
      <Popover.Trigger
        className={clsx(
          "ml-2 inline-flex h-6 flex-none items-center gap-1.5 rounded-in px-1.5 text-12 whitespace-nowrap hover:bg-hover",
          blocking ? "font-medium text-danger" : "text-ink-2",
        )}
      >
        <Icon of={TriangleAlert} size={12} />
        {count} {word}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner sideOffset={8} align="start" className="z-50">
          <Popover.Popup className={clsx(popupClass, "max-h-96 w-96 overflow-y-auto")}>
            <Popover.Title className="sr-only">What is in the way</Popover.Title>
            <ul>
              {[...problems, ...notices].map((problem, index) => (
                <ProblemRow key={index} problem={problem} onGo={() => go(problem.nodeId)} />
              ))}
            </ul>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

function ProblemRow({ problem, onGo }: { readonly problem: Problem; readonly onGo: () => void }) {
  const node = useDoc(({ document }) => document.nodes[problem.nodeId ?? ""]);
  const text = (
    <>
      {node !== undefined && (
        <span className="block text-12 font-medium">{nodeTitle(node, catalog)}</span>
      )}
      <span className="block text-12 text-ink-2">{problemWords(problem)}</span>
    </>
  );
  return (
    <li>
      {problem.nodeId === undefined ? (
        <p className="px-2 py-1.5">{text}</p>
      ) : (
        <button
          type="button"
          onClick={onGo}
          className="block w-full rounded-in px-2 py-1.5 text-left hover:bg-hover focus-visible:-outline-offset-2"
        >
          {text}
        </button>
      )}
    </li>
  );
}
