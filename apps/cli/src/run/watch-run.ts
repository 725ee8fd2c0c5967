import type { Client, RunNews, RunProgress } from "@heddle/client";
import { bar, type ProgressLine } from "../terminal/progress-line.ts";

interface WatchRequest {
  readonly client: Client;
  readonly runId: string;
  /** Rows of steps that the run has; more come when lists are mapped. */
  readonly steps: number;
  /** What to call a node. */
  readonly nameOf: (nodeId: string) => string;
  readonly line: ProgressLine;
  readonly signal: AbortSignal;
}

/** Shows how far a run is until it has ended. */
export async function watchRun(request: WatchRequest): Promise<void> {
  const state: Watched = { done: 0, total: request.steps, progress: null, asks: null };
  for await (const news of request.client.followRun(request.runId, { signal: request.signal })) {
    apply(state, news);
    request.line.show(describe(state, request.nameOf));
  }
  request.line.clear();
}

interface Watched {
  done: number;
  total: number;
  progress: RunProgress | null;
  /** The node that asks a person. */
  asks: string | null;
}

function apply(state: Watched, news: RunNews): void {
  if (news.kind === "progress") {
    state.progress = news.progress;
    return;
  }
  const { body } = news.event;
  if (body.item !== null && body.item !== undefined) return;
  if (body.type === "step.waiting") state.asks = body.stepId ?? null;
  if (/^step\.(succeeded|failed|skipped|canceled)$/.test(body.type)) {
    state.done += 1;
    if (state.asks === body.stepId) state.asks = null;
    if (state.progress?.stepId === body.stepId) state.progress = null;
  }
}

function describe(
  { done, total, progress, asks }: Watched,
  nameOf: WatchRequest["nameOf"],
): string {
  const steps = `${done} of ${total} steps`;
  if (progress === null && asks !== null)
    return `  ${bar(total === 0 ? 0 : done / total)}  ${steps}  ${nameOf(asks)} waits for a person`;
  if (progress === null) return `  ${bar(total === 0 ? 0 : done / total)}  ${steps}`;
  const part = progress.total === 0 ? 0 : progress.done / progress.total;
  const [node] = progress.nodeIds;
  const what = progress.phase === "loading" ? "loading" : `${progress.done}/${progress.total}`;
  const left = progress.leftMs === undefined ? "" : `, ${Math.ceil(progress.leftMs / 1000)} s left`;
  return `  ${bar((done + part) / Math.max(1, total))}  ${steps}  ${node ? nameOf(node) : ""} ${what}${left}`;
}
