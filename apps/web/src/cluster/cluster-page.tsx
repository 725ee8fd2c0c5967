"use client";
import type { AppRouter } from "@heddle/api";
import { useQuery } from "@tanstack/react-query";
import type { inferRouterOutputs } from "@trpc/server";
import { Panel, PanelRow } from "../settings/panel.tsx";
import { PageHead } from "../shell/page-head.tsx";
import { useTrpc } from "../trpc.tsx";
import { Figure } from "../ui/figure.tsx";
import { seconds } from "../words/amounts.ts";
import { AddRunner } from "./add-runner.tsx";
import { QueueRow } from "./queue-row.tsx";
import { RunnerRow } from "./runner-row.tsx";
import { RunnerTokens } from "./runner-tokens.tsx";

export type Cluster = inferRouterOutputs<AppRouter>["runner"]["cluster"];

const refreshMs = 2_000;

/** The machines that compute: what each holds and does, and what waits for them. */
export function ClusterPage() {
  const trpc = useTrpc();
  const cluster = useQuery(
    trpc.runner.cluster.queryOptions(undefined, { refetchInterval: refreshMs }),
  );
  return (
    <>
      <PageHead />
      <main className="mx-auto max-w-[1040px] px-4 py-6 md:px-8">
        <h1 className="text-20 font-semibold">Cluster</h1>
        {cluster.isError && (
          <p className="mt-4 text-danger">
            The cluster could not be loaded: {cluster.error.message}
          </p>
        )}
        {cluster.data !== undefined && <ClusterView cluster={cluster.data} />}
      </main>
    </>
  );
}

function ClusterView({ cluster }: { readonly cluster: Cluster }) {
  const { runners, queues, windowMinutes } = cluster;
  return (
    <>
      <Figures cluster={cluster} />
      <Panel
        id="runners"
        title="Runners"
        help={`Each owns one device. The bars show its last ${windowMinutes} minutes: computing, loading weights, idle.`}
        action={<AddRunner />}
      >
        {runners.map((runner) => (
          <RunnerRow key={runner.id} runner={runner} />
        ))}
        {runners.length === 0 && (
          <PanelRow>
            <span className="text-ink-2">
              No runner is connected, so nothing can be computed. Is the server still starting?
            </span>
          </PanelRow>
        )}
      </Panel>
      <Panel id="queue" title="Queue" help="Steps that wait for a runner, and those under way.">
        {queues.map((queue) => (
          <QueueRow key={`${queue.op} ${queue.modelId}`} queue={queue} />
        ))}
        {queues.length === 0 && (
          <PanelRow>
            <span className="text-ink-2">Nothing waits and nothing is under way.</span>
          </PanelRow>
        )}
      </Panel>
      <RunnerTokens />
    </>
  );
}

function Figures({ cluster: { runners, queues } }: { readonly cluster: Cluster }) {
  const there = runners.filter(({ state }) => state !== "lost");
  const working = there.filter(({ state }) => state === "busy").length;
  const waiting = queues.reduce((sum, queue) => sum + queue.waiting, 0);
  const oldestMs = Math.max(0, ...queues.map((queue) => queue.oldestMs ?? 0));
  const busy = there.reduce((sum, runner) => sum + runner.busy, 0) / Math.max(1, there.length);
  const loadMs = runners.reduce((sum, runner) => sum + runner.loadMs, 0);
  const workMs = runners.reduce((sum, runner) => sum + runner.loadMs + runner.deviceMs, 0);
  return (
    <dl className="mt-6 flex flex-wrap gap-x-10 gap-y-4">
      <Figure label="Runners at work" value={`${working} of ${there.length}`} />
      <Figure
        label="Steps waiting"
        value={String(waiting)}
        note={waiting === 0 ? undefined : `the first for ${seconds(oldestMs)}`}
      />
      <Figure label="Busy" value={percent(busy)} />
      <Figure
        label="Of that, loading"
        value={workMs === 0 ? "–" : percent(loadMs / workMs)}
        note="the less, the better"
      />
    </dl>
  );
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
