import type { RunDetail } from "@heddle/api";

type StepDetail = RunDetail["steps"][number];

/** Bars of one step, in milliseconds since the run was accepted. */
export interface WaterfallRow {
  readonly key: string;
  readonly step: StepDetail;
  readonly title: string;
  /** `item 3` of a mapped node. */
  readonly detail: string;
  readonly queued: Span | null;
  readonly loading: Span | null;
  readonly computing: Span | null;
  /** Where a reused or instant result arrived; null: it has bars, or has not come. */
  readonly momentMs: number | null;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Waterfall {
  readonly rows: readonly WaterfallRow[];
  /** End of the time axis. */
  readonly endMs: number;
  /** Where its ticks stand. */
  readonly tickMs: readonly number[];
}

/** Lays a run's steps out on one time axis. A mapped node's own row is left out where its items have theirs. */
export function layOutRun(run: RunDetail, nowMs: number): Waterfall {
  const startMs = Date.parse(run.createdAt);
  const endMs = Math.max(
    1,
    (run.finishedAt === null ? nowMs : Date.parse(run.finishedAt)) - startMs,
  );
  const withItems = new Set(
    run.steps.filter((step) => step.item !== null).map((step) => step.stepId),
  );
  const shown = run.steps.filter((step) => step.item !== null || !withItems.has(step.stepId));
  const rows = shown.map((step) => toRow(run, step, { startMs, endMs }));
  const stepMs = tickStep(endMs);
  const tickMs = Array.from(
    { length: Math.floor(endMs / stepMs) + 1 },
    (_, index) => index * stepMs,
  );
  return { rows, endMs, tickMs };
}

function toRow(
  run: RunDetail,
  step: StepDetail,
  axis: { startMs: number; endMs: number },
): WaterfallRow {
  const finishedMs = step.finishedAt === null ? null : Date.parse(step.finishedAt) - axis.startMs;
  const startedMs = step.startedAt === null ? null : Date.parse(step.startedAt) - axis.startMs;
  const ran = startedMs !== null && !step.cached && isComputed(run, step);
  const queuedMs = step.timing?.queuedMs ?? 0;
  const loadMs = step.timing?.loadMs ?? 0;
  return {
    key: `${step.stepId}/${step.item ?? ""}`,
    step,
    title: titleOf(run, step),
    detail: step.item === null ? "" : `item ${step.item + 1}`,
    queued: ran && queuedMs > 0 ? { fromMs: startedMs - queuedMs, toMs: startedMs } : null,
    loading: ran && loadMs > 0 ? { fromMs: startedMs, toMs: startedMs + loadMs } : null,
    computing: ran ? { fromMs: startedMs + loadMs, toMs: finishedMs ?? axis.endMs } : null,
    momentMs: ran ? null : finishedMs,
  };
}

/** Whether a runner did it; the rest is worked out on the spot and costs nothing. */
export function isComputed(run: RunDetail, step: StepDetail): boolean {
  return run.plan.steps.find(({ id }) => id === step.stepId)?.kind === "op";
}

/** The node's own title, or its type's where it has none. */
function titleOf(run: RunDetail, step: StepDetail): string {
  const nodeId = step.nodeIds[0];
  const node = nodeId === undefined ? undefined : run.document.nodes[nodeId];
  return node?.title ?? step.type;
}

/** 1, 2 or 5 times a power of ten, so that five to ten ticks fit. */
function tickStep(endMs: number): number {
  const rough = endMs / 8;
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? 10 * power;
}
