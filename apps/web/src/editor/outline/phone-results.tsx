"use client";
import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { OutputValues } from "../../runs/output-values.tsx";
import { RunStatusLabel } from "../../runs/run-status.tsx";
import { useTrpc } from "../../trpc.tsx";
import { ago } from "../../words/amounts.ts";
import { useNow } from "../../words/use-now.ts";
import { useSession } from "../session-context.tsx";

/** What runs made, the newest first. */
export function PhoneResults() {
  const trpc = useTrpc();
  const session = useSession();
  const nowMs = useNow(30_000);
  const { data } = useQuery(
    trpc.run.list.queryOptions({ workflowId: session.workflow.id, limit: 30 }),
  );
  const runs = data?.items ?? [];
  if (runs.length === 0) return <p className="p-4 text-ink-2">What runs make collects here.</p>;
  return (
    <ol>
      {runs.map((run) => (
        <li key={run.id} className="border-t border-line p-4">
          <div className="flex items-center gap-3">
            <Link href={`/runs/${run.id}`} className="text-15 font-medium hover:underline">
              Run {run.number ?? ""}
            </Link>
            <span className="text-12 text-ink-3">{ago(new Date(run.createdAt), nowMs)}</span>
            <span className="flex-1" />
            <RunStatusLabel status={run.status} />
          </div>
          {run.error !== null && (
            <p className="mt-2 rounded-ui bg-danger-soft p-2 text-12 text-danger">
              {run.error.message}
            </p>
          )}
          <OutputValues outputs={run.outputs} />
        </li>
      ))}
    </ol>
  );
}
