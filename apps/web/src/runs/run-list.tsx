"use client";
import type { RunOverview } from "@heddle/api";
import { useInfiniteQuery } from "@tanstack/react-query";
import Link from "next/link";
import { coverItem } from "../results/output-items.ts";
import { ResultThumb } from "../results/result-thumb.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { useTrpc } from "../trpc.tsx";
import { Button } from "../ui/button.tsx";
import { ago, dollars, seconds } from "../words/amounts.ts";
import { useNow } from "../words/use-now.ts";
import { RunStatusLabel } from "./run-status.tsx";

/** Every run of the workspace, newest first. */
export function RunList() {
  const trpc = useTrpc();
  const runs = useInfiniteQuery(
    trpc.run.list.infiniteQueryOptions(
      { limit: 30 },
      { getNextPageParam: (page) => page.nextCursor ?? undefined, refetchInterval: 5_000 },
    ),
  );
  const items = runs.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead />
      <main className="mx-auto max-w-[1120px] px-4 py-6 md:px-8">
        <h1 className="mb-4 text-20 font-semibold">Runs</h1>
        {runs.isSuccess && items.length === 0 && (
          <p className="text-ink-2">
            Nothing has run yet.{" "}
            <Link href="/" className="text-accent-line underline">
              Open a template
            </Link>{" "}
            and press Run.
          </p>
        )}
        {runs.isError && (
          <p className="text-danger">The runs could not be loaded: {runs.error.message}</p>
        )}
        <ul className="overflow-hidden rounded-ui bg-panel ring-1 ring-line empty:hidden">
          {items.map((run) => (
            <RunRow key={run.id} run={run} />
          ))}
        </ul>
        {runs.hasNextPage && (
          <Button
            variant="line"
            className="mt-6"
            disabled={runs.isFetchingNextPage}
            onClick={() => void runs.fetchNextPage()}
          >
            Show more
          </Button>
        )}
      </main>
    </>
  );
}

function RunRow({ run }: { readonly run: RunOverview }) {
  const nowMs = useNow(30_000);
  const cover = coverItem(run.outputs);
  return (
    <li className="border-b border-line last:border-b-0">
      <Link
        href={`/runs/${run.id}`}
        className="flex min-h-14 items-center gap-4 px-4 py-2 hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="size-10 flex-none overflow-hidden rounded-in bg-raised">
          {cover !== undefined && <ResultThumb item={cover} />}
        </span>
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{run.name}</span>
          <span className="block text-12 text-ink-2">
            {run.number === null ? "" : `Run ${run.number} · `}
            {ago(new Date(run.createdAt), nowMs)}
          </span>
        </span>
        <span className="w-20 text-right text-12 text-ink-2 max-md:hidden">{duration(run)}</span>
        <span className="w-20 text-right text-12 text-ink-2 max-md:hidden">
          {dollars(run.costUsd)}
        </span>
        <span className="w-24">
          <RunStatusLabel status={run.status} />
        </span>
      </Link>
    </li>
  );
}

function duration(run: { readonly createdAt: string; readonly finishedAt: string | null }): string {
  return run.finishedAt === null
    ? ""
    : seconds(Date.parse(run.finishedAt) - Date.parse(run.createdAt));
}
