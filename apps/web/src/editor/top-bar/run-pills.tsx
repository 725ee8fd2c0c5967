"use client";
import { isTerminalRun } from "@heddle/core";
import { Square } from "lucide-react";
import { useShallow } from "zustand/react/shallow";
import { IconButton } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Ring } from "../node/facts.tsx";
import { PauseButton } from "../pause-button.tsx";
import { useRuns, useSession } from "../session-context.tsx";
import { cancelRun } from "../state/actions.ts";
import { runCounts } from "../state/run-counts.ts";
import type { TrackedRun } from "../state/run-state.ts";

/** A pill for each run under way, so that another can be started beside it. */
export function RunPills() {
  const active = useRuns(
    useShallow(({ order, runs }) =>
      order.filter((id) => runs[id] !== undefined && !isTerminalRun(runs[id].status)),
    ),
  );
  const shown = active.slice(0, 2);
  return (
    <output className="flex items-center gap-1">
      {active.length > shown.length && (
        <span className="text-12 text-ink-2">+{active.length - shown.length}</span>
      )}
      {shown.map((id) => (
        <RunPill key={id} runId={id} />
      ))}
    </output>
  );
}

function RunPill({ runId }: { readonly runId: string }) {
  const session = useSession();
  const run = useRuns((state) => state.runs[runId]);
  if (run === undefined) return null;
  const { done, total } = runCounts(run);
  const canceling = run.status === "CANCELING";
  const words = underWay(run) ?? `${done} of ${total}`;
  return (
    <span className="inline-flex h-8 items-center gap-2 rounded-ui pr-1 pl-2.5 text-12 whitespace-nowrap shadow-[inset_0_0_0_1px_var(--line)]">
      <Ring part={total === 0 ? 0 : done / total} />
      <button
        type="button"
        className="rounded-in hover:underline"
        onClick={() => session.ui.setState({ tab: "run", shownRun: runId })}
      >
        Run {run.number ?? ""}, <span className="font-medium">{words}</span>
      </button>
      <PauseButton run={run} />
      <IconButton
        size="small"
        label={`Cancel run ${run.number ?? ""}`}
        disabled={canceling}
        onClick={() => void cancelRun(session, runId)}
      >
        <Icon of={Square} size={12} />
      </IconButton>
    </span>
  );
}

/** What holds a run up, in words; null: nothing does. */
function underWay(run: TrackedRun): string | null {
  if (run.status === "CANCELING") return "cancelling";
  if (run.status === "PAUSED") return "paused";
  const asks = Object.values(run.steps).some(({ status }) => status === "WAITING");
  return asks ? "waiting for a person" : null;
}
