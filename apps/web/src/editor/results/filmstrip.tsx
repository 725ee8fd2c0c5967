"use client";
import type { OutputItem, RunOverview } from "@heddle/api";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTrpc } from "../../trpc.tsx";
import { outputItems } from "../../results/output-items.ts";
import { ResultThumb } from "../../results/result-thumb.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { ago } from "../../words/amounts.ts";
import { useNow } from "../../words/use-now.ts";
import { useDoc, useRuns, useSession } from "../session-context.tsx";
import type { TrackedRun } from "../state/run-state.ts";

interface FilmGroup {
  readonly runId: string;
  readonly number: number | null;
  readonly when: string;
  readonly items: readonly OutputItem[];
}

/** Results of this workflow's runs, the newest at the left: of everything, or of what is selected. */
export function Filmstrip() {
  const trpc = useTrpc();
  const session = useSession();
  const [scope, setScope] = useState<"workflow" | "node">("workflow");
  const selected = useDoc(({ selection }) =>
    selection.size === 1 ? [...selection][0] : undefined,
  );
  const { data } = useQuery(
    trpc.run.list.queryOptions({ workflowId: session.workflow.id, limit: 30 }),
  );
  const runs = useRuns((state) => state.runs);
  const nowMs = useNow(30_000);
  const byNode = scope === "node" && selected !== undefined;
  const groups = byNode
    ? nodeGroups(Object.values(runs), selected, nowMs)
    : (data?.items ?? []).map((run) => workflowGroup(run, nowMs));
  const filled = groups.filter(({ items }) => items.length > 0);
  return (
    <section
      aria-label="Results"
      className="flex min-w-0 gap-4 border-t border-line bg-panel px-3 pt-2"
    >
      <div className="w-28 flex-none">
        <h2 className="mb-1.5 text-11 font-medium">Results</h2>
        <div className="[&_.segmented]:flex [&_.segmented]:h-16 [&_.segmented]:w-full [&_.segmented]:flex-col">
          <Segmented
            label="Results of"
            value={byNode ? "node" : "workflow"}
            options={[
              { value: "node", label: "Selected node" },
              { value: "workflow", label: "Workflow" },
            ]}
            onChange={setScope}
            size="small"
          />
        </div>
      </div>
      <div className="flex min-w-0 flex-1 gap-4 overflow-x-auto overflow-y-hidden">
        {filled.map((group) => (
          <Group key={group.runId} group={group} />
        ))}
        {filled.length === 0 && (
          <p className="self-center pb-2 text-12 text-ink-3">
            What runs make collects here. Nothing gets lost: every result stays with its run.
          </p>
        )}
      </div>
    </section>
  );
}

function workflowGroup(run: RunOverview, nowMs: number): FilmGroup {
  return {
    runId: run.id,
    number: run.number,
    when: ago(new Date(run.createdAt), nowMs),
    items: Object.values(run.outputs).flatMap(outputItems),
  };
}

function nodeGroups(
  runs: readonly TrackedRun[],
  nodeId: string,
  nowMs: number,
): readonly FilmGroup[] {
  return runs
    .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
    .map((run) => {
      const step = Object.values(run.steps).find(
        ({ item, nodeIds }) => item === null && nodeIds.includes(nodeId),
      );
      const items = Object.values(step?.outputs ?? {}).flatMap(outputItems);
      return {
        runId: run.id,
        number: run.number,
        when: ago(new Date(run.createdAt), nowMs),
        items,
      };
    });
}

const shownItems = 8;

function Group({ group }: { readonly group: FilmGroup }) {
  const session = useSession();
  const title = `Run ${group.number ?? ""}`;
  const open = (index: number) =>
    session.ui.setState({ lightbox: { title, items: group.items, index } });
  const hidden = group.items.length - shownItems;
  return (
    <div className="flex-none">
      <p className="mb-1.5 text-11 whitespace-nowrap text-ink-3">
        <b className="font-medium text-ink-1">{title}</b> · {group.when}
      </p>
      <ul className="flex gap-1.5 p-0.5">
        {group.items.slice(0, shownItems).map((item, index) => (
          <li key={index}>
            <button
              type="button"
              aria-label={`${title}, result ${index + 1} of ${group.items.length}`}
              onClick={() => open(index)}
              className="relative block size-16 overflow-hidden rounded-in bg-raised text-left [--under:var(--raised)]"
            >
              <ResultThumb item={item} />
              {hidden > 0 && index === shownItems - 1 && (
                <span className="more">+{hidden + 1}</span>
              )}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
