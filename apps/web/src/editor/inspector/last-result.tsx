"use client";
import type { NodeType } from "@heddle/core";
import Link from "next/link";
import { dollars, roughSeconds, seconds } from "../../words/amounts.ts";
import { Facts } from "../node/facts.tsx";
import { useNodeRun } from "../session-context.tsx";
import { Section } from "./section.tsx";

/** What the last run of this node took and cost. */
export function LastResult({ nodeId, type }: { readonly nodeId: string; readonly type: NodeType }) {
  const { result, activity } = useNodeRun(nodeId);
  if (activity.kind !== "idle") {
    return (
      <Section title="This run">
        <Facts nodeId={nodeId} />
        {activity.kind === "failed" && (
          <p className="mt-2 rounded-ui bg-danger-soft p-2 text-12 text-danger">
            {activity.error.message}
          </p>
        )}
      </Section>
    );
  }
  if (result === null || type.work.kind !== "op") return null;
  const run = (
    <Link
      href={`/runs/${result.runId}`}
      className="text-11 text-ink-2 hover:text-ink-1 hover:underline"
    >
      Run {result.runNumber ?? ""}
    </Link>
  );
  return (
    <Section title="Last result" aside={run}>
      <dl className="grid grid-cols-[1fr_auto_56px] gap-y-0.5 text-12 [&>dd]:text-right">
        {result.reused ? (
          <>
            <dt className="text-ink-2">Reused from an earlier run</dt>
            <dd>0 s</dd>
            <dd className="text-ink-3">$0</dd>
          </>
        ) : (
          <>
            <dt className="text-ink-2">Computing</dt>
            <dd>{seconds(result.deviceMs)}</dd>
            <dd>{dollars(result.costUsd)}</dd>
          </>
        )}
        {result.estimate !== null && (
          <>
            <dt className="text-ink-3">Estimated</dt>
            <dd className="text-ink-3">{roughSeconds(result.estimate.deviceMs)}</dd>
            <dd className="text-ink-3">{dollars(result.estimate.costUsd)}</dd>
          </>
        )}
      </dl>
    </Section>
  );
}
