"use client";
import type { RunDetail } from "@heddle/api";
import { catalog } from "@heddle/catalog";
import { nodeTitle } from "@heddle/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTrpc } from "../trpc.tsx";
import { DecideButtons } from "./decide-buttons.tsx";
import { OutputValues } from "./output-values.tsx";
import { RunStatusLabel } from "./run-status.tsx";

type StepDetail = RunDetail["steps"][number];

/** What a run asks a person, each with what it is about and the two answers. */
export function WaitingSteps({ run }: { readonly run: RunDetail }) {
  return run.steps
    .filter(({ status }) => status === "WAITING")
    .map((step) => <WaitingStep key={step.stepId} run={run} step={step} />);
}

function WaitingStep({ run, step }: { readonly run: RunDetail; readonly step: StepDetail }) {
  const trpc = useTrpc();
  const queryClient = useQueryClient();
  const { id } = run;
  const decide = useMutation(
    trpc.run.approve.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.run.get.queryKey({ id }) }),
    }),
  );
  const node = run.document.nodes[step.nodeIds[0] ?? ""];
  const title = node === undefined ? step.type : nodeTitle(node, catalog);
  return (
    <section
      aria-label={`${title}, waiting for a person`}
      className="mb-6 rounded-ui bg-panel p-4 ring-2 ring-accent-line"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <h2 className="text-15 font-semibold">{title}</h2>
        <RunStatusLabel status={step.status} />
        <p className="min-w-0 flex-1">{questionOf(run, step)}</p>
        <DecideButtons
          title={title}
          size="normal"
          disabled={decide.isPending}
          onDecide={(approve) => decide.mutate({ id, stepId: step.stepId, approve })}
        />
      </div>
      {decide.error !== null && (
        <p role="alert" className="mt-3 text-12 text-danger">
          {decide.error.message}
        </p>
      )}
      <OutputValues title="To be approved" outputs={step.outputs ?? {}} />
    </section>
  );
}

/** As the plan has it, with its default filled in. */
function questionOf(run: RunDetail, { stepId }: StepDetail): string {
  const question = run.plan.steps.find(({ id }) => id === stepId)?.params["question"];
  return typeof question === "string" ? question : "";
}
