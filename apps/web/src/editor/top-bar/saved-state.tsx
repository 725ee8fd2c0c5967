"use client";
import { Check, CloudOff, TriangleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "zustand";
import { Icon } from "../../ui/icon.tsx";
import { Ring } from "../node/facts.tsx";
import { useDoc, useSession } from "../session-context.tsx";

/** Whether everything is saved, in words. */
export function SavedState() {
  const session = useSession();
  const state = useStore(session.saveState);
  const pending = useDoc((doc) => doc.pending.length);
  const slow = useLasts(state.kind === "saving", 400);
  const quiet = "inline-flex items-center gap-1.5 text-12 whitespace-nowrap text-ink-2";
  switch (state.kind) {
    case "saving":
      return (
        <span role="status" className={quiet}>
          {slow ? <Ring part={0.7} /> : <Icon of={Check} size={12} />}
          {slow ? "Saving" : "Saved"}
        </span>
      );
    case "saved":
      return (
        <span role="status" className={quiet}>
          <Icon of={Check} size={12} />
          Saved
        </span>
      );
    case "offline":
      return (
        <span role="status" className={quiet}>
          <Icon of={CloudOff} size={12} />
          Offline, {pending === 1 ? "1 change" : `${pending} changes`} kept here
          <button type="button" className="rounded-in px-1 text-accent-line hover:underline" onClick={session.autosave.retry}>
            Retry
          </button>
        </span>
      );
    case "conflict":
      return (
        <span role="status" className={`${quiet} text-danger!`}>
          <Icon of={TriangleAlert} size={12} />
          Changed elsewhere
        </span>
      );
    case "refused":
      return (
        <span role="status" title={state.message} className={`${quiet} max-w-72 text-danger!`}>
          <Icon of={TriangleAlert} size={12} />
          <span className="truncate">Not saved: {state.message}</span>
        </span>
      );
  }
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
