"use client";
import { catalog } from "@heddle/catalog";
import {
  Check,
  CircleSlash,
  Clock,
  Pause,
  RefreshCw,
  SlidersHorizontal,
  Square,
  TriangleAlert,
  UserCheck,
} from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { Icon } from "../../ui/icon.tsx";
import { bytes, dollars, roughSeconds, seconds } from "../../words/amounts.ts";
import {
  useNode,
  useNodeChange,
  useNodePreview,
  useNodeProblems,
  useNodeRun,
  useRuns,
} from "../session-context.tsx";
import { problemWords } from "../state/problem-words.ts";
import type { NodePreview } from "../state/preview-store.ts";
import { type Activity, hasEnded, type NodeResult } from "../state/run-state.ts";

export interface FactsProps {
  readonly nodeId: string;
  /** False inside something that is pressed as a whole. */
  readonly links?: boolean;
}

/** One line, one grammar: what a step will take, what it is doing, what it took; always at the same place. */
export function Facts({ nodeId, links = true }: FactsProps) {
  return <div className="facts">{useFacts(nodeId, links)}</div>;
}

function useFacts(nodeId: string, links: boolean): ReactNode {
  const node = useNode(nodeId);
  const { activity, result } = useNodeRun(nodeId);
  const change = useNodeChange(nodeId);
  const preview = useNodePreview(nodeId);
  const problem = useNodeProblems(nodeId)[0];
  const type = catalog.get(node?.type ?? "");
  if (node?.mode === "bypassed") return <Word icon={CircleSlash}>Bypassed</Word>;
  if (node?.mode === "muted") return <Word icon={CircleSlash}>Muted</Word>;
  const given =
    type?.role === "input" && (activity.kind === "queued" || activity.kind === "paused");
  const mended = hasEnded(activity) && change !== null;
  if (activity.kind !== "idle" && !given && !mended) {
    return <Under activity={activity} type={node?.type ?? ""} preview={preview} />;
  }
  if (problem !== undefined) {
    return (
      <>
        <Icon of={TriangleAlert} size={12} className="text-danger" />
        <span className="bad cut" title={problem.message}>
          {problemWords(problem)}
        </span>
      </>
    );
  }
  if (type !== undefined && type.work.kind !== "op") return null;
  if (result === null) return <Before preview={preview} />;
  if (change !== null) {
    return (
      <>
        <Icon of={SlidersHorizontal} size={12} />
        <b>{change === "own" ? "Changed" : "Input changed"}</b>
        <Before preview={preview} />
      </>
    );
  }
  return <After result={result} links={links} />;
}

function Word({ icon, children }: { readonly icon: typeof Check; readonly children: ReactNode }) {
  return (
    <>
      <Icon of={icon} size={12} />
      <span>{children}</span>
    </>
  );
}

/** The estimate; a tilde always means estimate. */
function Before({ preview }: { readonly preview: NodePreview | undefined }) {
  if (preview === undefined) return null;
  if (preview.cached) return <span>~0 s, reused</span>;
  return (
    <>
      <span>{roughSeconds(preview.deviceMs)}</span>
      <i>{dollars(preview.costUsd)}</i>
    </>
  );
}

function After({ result, links }: { readonly result: NodeResult; readonly links: boolean }) {
  if (result.reused) {
    return (
      <>
        <Icon of={RefreshCw} size={12} />
        <b>Reused</b>
        <span>0 s</span>
        {result.fromRunId !== null && <FromRun runId={result.fromRunId} link={links} />}
      </>
    );
  }
  return (
    <>
      <Icon of={Check} size={12} />
      <b>{seconds(result.deviceMs)}</b>
      {result.estimate !== null && <i>est. {(result.estimate.deviceMs / 1000).toFixed(1)}</i>}
      <span>{dollars(result.costUsd)}</span>
    </>
  );
}

/** Where a reused result comes from. */
function FromRun({ runId, link }: { readonly runId: string; readonly link: boolean }) {
  const number = useRuns((state) => state.runs[runId]?.number);
  const words = number === undefined || number === null ? "earlier run" : `run ${number}`;
  if (!link) return <i>{words}</i>;
  return (
    <i>
      <Link href={`/runs/${runId}`} className="nodrag">
        {words}
      </Link>
    </i>
  );
}

interface UnderProps {
  readonly activity: Exclude<Activity, { kind: "idle" }>;
  readonly type: string;
  readonly preview: NodePreview | undefined;
}

function Under({ activity, type, preview }: UnderProps) {
  switch (activity.kind) {
    case "queued":
      return (
        <Word icon={Clock}>
          Queued
          {preview === undefined || preview.deviceMs === 0
            ? ""
            : `, ${roughSeconds(preview.deviceMs)}`}
        </Word>
      );
    case "paused":
      return <Word icon={Pause}>Paused</Word>;
    case "waiting":
      return (
        <>
          <Icon of={UserCheck} size={12} className="text-accent-line" />
          <span className="go">Waiting for a person</span>
        </>
      );
    case "loading":
      return (
        <>
          <Ring part={0} />
          <span className="go">Loading{modelSize(type)}</span>
          {activity.leftMs !== null && <i>{seconds(activity.leftMs)}</i>}
        </>
      );
    case "running":
      return (
        <>
          <Ring part={activity.total === 0 ? 0 : activity.done / activity.total} />
          <span className="go">
            {activity.total === 0 ? "Computing" : `${activity.done} of ${activity.total}`}
          </span>
          {activity.note !== undefined && <span>{activity.note}</span>}
          {activity.leftMs !== null && <i>{seconds(activity.leftMs)} left</i>}
        </>
      );
    case "failed":
      return (
        <>
          <Icon of={TriangleAlert} size={12} className="text-danger" />
          <span className="bad">Failed</span>
          <span>not charged</span>
        </>
      );
    case "skipped":
      return <Word icon={CircleSlash}>{activity.reason || "Skipped"}</Word>;
    case "canceled":
      return <Word icon={Square}>Cancelled</Word>;
  }
}

function modelSize(type: string): string {
  const work = catalog.get(type)?.work;
  return work?.kind === "op" && work.model !== undefined ? ` ${bytes(work.model.sizeBytes)}` : "";
}

/** How much is done, as a ring of 12 px. */
export function Ring({ part }: { readonly part: number }) {
  return (
    <span className="ring" aria-hidden="true" style={{ "--v": `${Math.round(part * 100)}%` }} />
  );
}
