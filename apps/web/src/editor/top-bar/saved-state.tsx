"use client";
import { Check, CloudOff, TriangleAlert } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useStore } from "zustand";
import { Icon } from "../../ui/icon.tsx";
import { Ring } from "../node/facts.tsx";
import { useDoc, useSession } from "../session-context.tsx";

/** Whether everything is saved, in words. */
export function SavedState() {
  return (
    <output className="inline-flex min-w-0 items-center gap-1.5 text-12 whitespace-nowrap text-ink-2">
      <Words />
    </output>
  );
}

function Words(): ReactNode {
  const session = useSession();
  const state = useStore(session.saveState);
  const pending = useDoc((doc) => doc.pending.length);
  const slow = useLasts(state.kind === "saving", 400);
  switch (state.kind) {
    case "saving":
    case "saved":
      return (
        <>
          {slow ? <Ring part={0.7} /> : <Icon of={Check} size={12} />}
          {slow ? "Saving" : "Saved"}
        </>
      );
    case "offline":
      return (
        <>
          <Icon of={CloudOff} size={12} />
          Offline, {pending === 1 ? "1 change" : `${pending} changes`} kept here
          <button
            type="button"
            className="rounded-in px-1 text-accent-line hover:underline"
            onClick={() => session.autosave.retry()}
          >
            Retry
          </button>
        </>
      );
    case "conflict":
      return <Trouble>Changed elsewhere</Trouble>;
    case "refused":
      return <Trouble>Not saved: {state.message}</Trouble>;
    default:
      return state satisfies never;
  }
}

function Trouble({ children }: { readonly children: ReactNode }) {
  return (
    <span className="inline-flex max-w-72 min-w-0 items-center gap-1.5 text-danger">
      <Icon of={TriangleAlert} size={12} />
      <span className="truncate">{children}</span>
    </span>
  );
}

/** Whether `on` has lasted that long; what is over sooner is not worth a word. */
function useLasts(on: boolean, ms: number): boolean {
  const [lasted, setLasted] = useState(false);
  useEffect(() => {
    if (!on) return;
    const timer = setTimeout(() => setLasted(true), ms);
    return () => {
      clearTimeout(timer);
      setLasted(false);
    };
  }, [on, ms]);
  return on && lasted;
}
