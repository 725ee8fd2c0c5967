"use client";
import { Menu as Base } from "@base-ui/react/menu";
import { ChevronDown, Play } from "lucide-react";
import { useRef, useState } from "react";
import { useStore } from "zustand";
import { Icon } from "../../ui/icon.tsx";
import { popupClass, popupItemClass } from "../../ui/popup.ts";
import { useDoc, useSession, useUi } from "../session-context.tsx";
import { type RunScope, startRun, targetsOf } from "../state/actions.ts";
import { totalWords } from "../state/total-words.ts";

const scopes: readonly {
  readonly scope: RunScope;
  readonly label: string;
  readonly note: string;
}[] = [
  { scope: "all", label: "Run all", note: "" },
  { scope: "to", label: "To here", note: "and what it needs" },
  { scope: "from", label: "From here", note: "and what follows" },
];

/** One split button: run · what it would take · of which scope. */
export function RunButton() {
  const session = useSession();
  const total = useStore(session.preview, (state) => state.total);
  const submitting = useUi((state) => state.submitting);
  const empty = useDoc(({ document }) => Object.keys(document.nodes).length === 0);
  return (
    <div className="ml-1 inline-flex h-8 flex-none rounded-ui bg-accent font-medium whitespace-nowrap text-on-accent *:first:rounded-l-ui *:last:rounded-r-ui">
      <button
        type="button"
        disabled={empty || submitting}
        onClick={() => void startRun(session, "all")}
        className="flex items-center gap-1.5 px-2.5 transition-[filter] duration-(--fast) enabled:hover:brightness-110 disabled:opacity-60"
      >
        <Icon of={Play} />
        Run all
        {total !== null && !empty && (
          <span className="-my-2 ml-1 flex h-8 items-center border-l border-[rgb(255_255_255/.28)] pl-2.5 text-12 font-normal">
            {totalWords(total)}
          </span>
        )}
      </button>
      <ScopeMenu disabled={empty} />
    </div>
  );
}

function ScopeMenu({ disabled }: { readonly disabled: boolean }) {
  const session = useSession();
  const { estimates, ask } = useScopeEstimates();
  const some = useDoc(({ selection }) => selection.size > 0);
  return (
    <Base.Root onOpenChange={(open) => open && ask()} modal={false}>
      <Base.Trigger
        aria-label="What to run"
        disabled={disabled}
        className="grid w-8 place-items-center border-l border-[rgb(255_255_255/.28)] enabled:hover:brightness-110 disabled:opacity-60"
      >
        <Icon of={ChevronDown} size={12} />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner align="end" sideOffset={4} className="z-50">
          <Base.Popup className={`${popupClass} w-[344px]`}>
            {scopes.map(({ scope, label, note }) => (
              <Base.Item
                key={scope}
                disabled={scope !== "all" && !some}
                onClick={() => void startRun(session, scope)}
                className={popupItemClass}
              >
                <span />
                <span>
                  {label}{" "}
                  <span className="text-ink-2">
                    {scope !== "all" && !some ? "select a node first" : note}
                  </span>
                </span>
                <span className="text-12 text-ink-2">{estimates[scope]}</span>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

type Estimates = Readonly<Partial<Record<RunScope, string>>>;

/** Each scope's own estimate, asked for when the menu opens. */
function useScopeEstimates(): { readonly estimates: Estimates; readonly ask: () => void } {
  const session = useSession();
  const [estimates, setEstimates] = useState<Estimates>({});
  const asked = useRef(0);
  const ask = () => {
    asked.current += 1;
    const mine = asked.current;
    setEstimates({});
    const some = session.doc.getState().selection.size > 0;
    for (const { scope } of scopes) {
      if (scope !== "all" && !some) continue;
      session.preview.ask(targetsOf(session, scope)).then(
        (total) => {
          if (mine === asked.current && total !== null)
            setEstimates((known) => ({ ...known, [scope]: totalWords(total) }));
        },
        () => undefined,
      );
    }
  };
  return { estimates, ask };
}
