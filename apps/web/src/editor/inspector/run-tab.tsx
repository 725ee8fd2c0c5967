"use client";
import { catalog } from "@heddle/catalog";
import { isTerminalRun, nodeTitle } from "@heddle/core";
import { RefreshCw } from "lucide-react";
import Link from "next/link";
import { DecideButtons } from "../../runs/decide-buttons.tsx";
import { RunStatusLabel } from "../../runs/run-status.tsx";
import { Button } from "../../ui/button.tsx";
import { Icon } from "../../ui/icon.tsx";
import { Select } from "../../ui/select.tsx";
import { dollars, seconds } from "../../words/amounts.ts";
import { PauseButton } from "../pause-button.tsx";
import { useRuns, useSession, useUi } from "../session-context.tsx";
import { cancelRun, decideStep, reveal } from "../state/actions.ts";
import { runCounts } from "../state/run-counts.ts";
import { type StepLine, stepKey, type TrackedRun } from "../state/run-state.ts";
import { Section } from "./section.tsx";

/** One run, step by step: what each did, took and cost. */
export function RunTab() {
  const session = useSession();
  const shown = useUi((state) => state.shownRun);
  const order = useRuns((state) => state.order);
  const runs = useRuns((state) => state.runs);
  const run = runs[shown ?? ""] ?? runs[order[0] ?? ""];
  if (run === undefined) {
    return (
      <Section>
        <p className="text-ink-2">
          Nothing has run yet. Press Run, and every step appears here with its time and its price.
        </p>
      </Section>
    );
  }
  return (
    <>
      <Section>
        {order.length > 1 && (
          <div className="mb-3">
            <Select
              label="Run"
              value={run.id}
              options={order.map((id) => ({ value: id, label: `Run ${runs[id]?.number ?? ""}` }))}
              onChange={(id) => session.ui.setState({ shownRun: id })}
            />
          </div>
        )}
        <RunHead run={run} />
      </Section>
      <Section title="Steps">
        <ol className="-mx-2">
          {stepLines(run).map((step) => (
            <Step key={stepKey(step)} run={run} step={step} />
          ))}
        </ol>
      </Section>
    </>
  );
}

/** In the order of the plan, the items of a mapped step below it. */
function stepLines(run: TrackedRun): readonly StepLine[] {
  const all = Object.values(run.steps);
  const itemsOf = (stepId: string) =>
    all
      .filter((step) => step.item !== null && step.stepId === stepId)
      .toSorted((a, b) => (a.item ?? 0) - (b.item ?? 0));
  return all.filter(({ item }) => item === null).flatMap((step) => [step, ...itemsOf(step.stepId)]);
}

function RunHead({ run }: { readonly run: TrackedRun }) {
  const session = useSession();
  const { done, total, reused, deviceMs, costUsd } = runCounts(run);
  return (
    <>
      <div className="flex items-center gap-3">
        <h2 className="text-15 font-semibold">Run {run.number ?? ""}</h2>
        <RunStatusLabel status={run.status} />
        <span className="flex-1" />
        {isTerminalRun(run.status) ? (
          <Link href={`/runs/${run.id}`} className="text-12 text-accent-line hover:underline">
            Open
          </Link>
        ) : (
          <>
            <PauseButton run={run} />
            <Button variant="line" size="small" onClick={() => void cancelRun(session, run.id)}>
              Cancel
            </Button>
          </>
        )}
      </div>
      <dl className="mt-2 flex gap-6 text-11 text-ink-3">
        <Figure label="steps" value={`${done} of ${total}`} />
        <Figure label="computing" value={seconds(deviceMs)} />
        <Figure label="cost" value={dollars(costUsd)} />
        <Figure label="reused" value={String(reused)} />
      </dl>
      {run.error !== null && (
        <p className="mt-3 rounded-ui bg-danger-soft p-2 text-12 text-danger">
          {run.error.message}
        </p>
      )}
    </>
  );
}

function Figure({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <div className="flex flex-col-reverse">
      <dt>{label}</dt>
      <dd className="text-13 font-medium text-ink-1">{value}</dd>
    </div>
  );
}

function Step({ run, step }: { readonly run: TrackedRun; readonly step: StepLine }) {
  const session = useSession();
  const nodeId = step.nodeIds[0] ?? "";
  const node = run.document.nodes[nodeId];
  const title = node === undefined ? step.type : nodeTitle(node, catalog);
  const progress = run.progress[stepKey(step)];
  const working = step.status === "LEASED" && progress !== undefined && progress.total > 0;
  return (
    <li>
      <button
        type="button"
        onClick={() => reveal(session, nodeId)}
        className="grid min-h-8 w-full grid-cols-[minmax(0,1fr)_auto_56px] items-center gap-x-3 rounded-in px-2 py-1 text-left hover:bg-hover"
      >
        <span className={step.item === null ? "truncate" : "truncate pl-3 text-12 text-ink-2"}>
          {step.item === null ? title : `Item ${step.item + 1}`}
        </span>
        {step.cached ? (
          <span className="inline-flex items-center gap-1.5 text-12 text-ink-2">
            <Icon of={RefreshCw} size={12} />
            Reused
          </span>
        ) : step.status === "SUCCEEDED" ? (
          <span className="text-12">{seconds(step.timing?.deviceMs ?? 0)}</span>
        ) : working ? (
          <span className="text-12 text-accent-line">
            {progress.done} of {progress.total}
          </span>
        ) : (
          <RunStatusLabel status={step.status} />
        )}
        <span className="text-right text-12 text-ink-2">
          {step.status === "SUCCEEDED" ? dollars(step.costUsd) : ""}
        </span>
      </button>
      {step.status === "WAITING" && (
        <div className="mx-2 mb-1">
          <DecideButtons
            title={title}
            onDecide={(approve) =>
              void decideStep(session, { runId: run.id, stepId: step.stepId }, approve)
            }
          />
        </div>
      )}
      {step.error !== null && (
        <p className="mx-2 mb-1 rounded-in bg-danger-soft px-2 py-1 text-12 text-danger">
          {step.error.message}
        </p>
      )}
      {step.reason !== null && step.reason !== "" && (
        <p className="mx-2 mb-1 text-12 text-ink-3">{step.reason}</p>
      )}
    </li>
  );
}
