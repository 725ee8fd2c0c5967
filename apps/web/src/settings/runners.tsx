"use client";
import { useQuery } from "@tanstack/react-query";
import { Cpu } from "lucide-react";
import { useTrpc } from "../trpc.tsx";
import { Icon } from "../ui/icon.tsx";
import { Panel, PanelRow } from "./panel.tsx";

/** The processes that compute, and whether each is there. */
export function Runners() {
  const trpc = useTrpc();
  const runners = useQuery(trpc.runner.list.queryOptions(undefined, { refetchInterval: 5_000 }));
  return (
    <Panel id="runners" title="Runners" help="Each owns one device and computes the steps of runs.">
      {runners.data?.map((runner) => (
        <PanelRow key={runner.id}>
          <Icon of={Cpu} className="text-ink-3" />
          <span className="min-w-0 flex-1 truncate">
            <span className="font-medium">{runner.name}</span>
            <span className="ml-2 text-ink-2">{runner.device}</span>
          </span>
          <span className="text-12 text-ink-2">{runner.state}</span>
        </PanelRow>
      ))}
      {runners.data?.length === 0 && (
        <PanelRow>
          <span className="text-ink-2">
            No runner is connected, so nothing can be computed. Is the server still starting?
          </span>
        </PanelRow>
      )}
      {runners.isPending && <PanelRow>{null}</PanelRow>}
      {runners.isError && (
        <PanelRow>
          <span className="text-danger">
            The runners could not be loaded: {runners.error.message}
          </span>
        </PanelRow>
      )}
    </Panel>
  );
}
