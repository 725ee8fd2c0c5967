"use client";
import type { RunDetail } from "@heddle/api";
import { isTerminalRun } from "@heddle/core";
import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { PageHead } from "../shell/page-head.tsx";
import { useTrpc } from "../trpc.tsx";
import { buttonClass } from "../ui/button.tsx";
import { Figure } from "../ui/figure.tsx";
import { Icon } from "../ui/icon.tsx";
import { ago, dollars, seconds } from "../words/amounts.ts";
import { useNow } from "../words/use-now.ts";
import { OutputValues } from "./output-values.tsx";
import { RunControls } from "./run-controls.tsx";
import { RunStatusLabel } from "./run-status.tsx";
import { StepFacts } from "./step-facts.tsx";
import { useRunWakes } from "./use-run-wakes.ts";
import { isComputed, layOutRun } from "./waterfall-rows.ts";
import { WaitingSteps } from "./waiting-steps.tsx";
import { Waterfall } from "./waterfall.tsx";

/** One run: what it made, what each step took and cost. */
export function RunPage({ id }: { readonly id: string }) {
  const trpc = useTrpc();
  const run = useQuery(trpc.run.get.queryOptions({ id }));
  const going = run.data !== undefined && !isTerminalRun(run.data.status);
  useRunWakes(going ? id : null, () => void run.refetch());
  return (
    <>
      <PageHead />
      <main className="mx-auto max-w-[1376px] px-4 py-6 md:px-8">
        {run.isError && (
          <p className="text-danger">This run could not be loaded: {run.error.message}</p>
        )}
        {run.data !== undefined && <RunView run={run.data} />}
      </main>
    </>
  );
}

function RunView({ run }: { readonly run: RunDetail }) {
  const [selected, setSelected] = useState<string | null>(null);
  const nowMs = useNow(1_000);
  const layout = layOutRun(run, nowMs);
  // A mapped step counts its items already.
  const own = run.steps.filter((step) => step.item === null);
  const deviceMs = own.reduce((sum, step) => sum + (step.timing?.deviceMs ?? 0), 0);
  const row = layout.rows.find(({ key }) => key === selected) ?? layout.rows.at(-1);
  return (
    <>
      <Head run={run} nowMs={nowMs} />
      <Figures run={run} deviceMs={deviceMs} totalMs={layout.endMs} />
      {run.error !== null && (
        <p role="alert" className="mb-6 rounded-ui bg-danger-soft p-3 text-danger">
          {run.error.message}
        </p>
      )}
      <WaitingSteps run={run} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_304px]">
        <Waterfall
          layout={layout}
          selected={row?.key ?? null}
          onSelect={setSelected}
          total={{ deviceMs, costUsd: run.costUsd }}
        />
        {row !== undefined && <StepFacts row={row} />}
      </div>
      <OutputValues outputs={run.outputs} />
    </>
  );
}

function Head({ run, nowMs }: { readonly run: RunDetail; readonly nowMs: number }) {
  return (
    <div className="mb-6 flex flex-wrap items-center gap-x-3 gap-y-2">
      <p className="flex min-w-0 items-center gap-2 text-ink-2">
        {run.workflowId === null ? (
          <span className="truncate">{run.name}</span>
        ) : (
          <Link href={`/workflows/${run.workflowId}`} className="truncate hover:text-ink-1">
            {run.name}
          </Link>
        )}
        <Icon of={ChevronRight} size={12} />
      </p>
      <h1 className="text-15 font-semibold">{run.number === null ? "Run" : `Run ${run.number}`}</h1>
      <RunStatusLabel status={run.status} />
      <span className="text-12 text-ink-3">{ago(new Date(run.createdAt), nowMs)}</span>
      <div className="ml-auto flex flex-wrap items-center gap-2">
        <RunControls run={run} />
        {run.workflowId !== null && (
          <Link href={`/workflows/${run.workflowId}`} className={buttonClass("line")}>
            Open the workflow
          </Link>
        )}
      </div>
    </div>
  );
}

function Figures({
  run,
  deviceMs,
  totalMs,
}: {
  readonly run: RunDetail;
  readonly deviceMs: number;
  readonly totalMs: number;
}) {
  const own = run.steps.filter((step) => step.item === null && isComputed(run, step));
  const reused = own.filter((step) => step.cached).length;
  const estimate = run.plan.estimate.costUsd;
  return (
    <dl className="mb-6 flex flex-wrap gap-x-10 gap-y-4">
      <Figure label="Total" value={seconds(totalMs)} />
      <Figure label="Device time" value={seconds(deviceMs)} />
      <Figure
        label="Cost"
        value={dollars(run.costUsd, 5)}
        note={`estimated ${dollars(estimate, 5)}`}
      />
      <Figure label="Reused" value={`${reused} of ${own.length}`} />
    </dl>
  );
}
