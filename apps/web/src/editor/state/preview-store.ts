import type { RunPreview } from "@heddle/api";
import { catalog } from "@heddle/catalog";
import type { Document, Estimate } from "@heddle/core";
import { createStore, type StoreApi } from "zustand/vanilla";

export interface NodePreview {
  readonly cached: boolean;
  readonly deviceMs: number;
  readonly costUsd: number;
}

export interface PreviewTotal {
  /** Of what would run. */
  readonly estimate: Estimate;
  /** Steps that a runner computes. */
  readonly steps: number;
  readonly reused: number;
}

export interface PreviewState {
  /** What each node would take if everything ran now. */
  readonly nodes: Readonly<Record<string, NodePreview>>;
  /** Null: not known yet, or something is in the way. */
  readonly total: PreviewTotal | null;
}

export interface PreviewStore extends StoreApi<PreviewState> {
  /** Asks again soon; the last answer stays until then. */
  readonly refresh: () => void;
  readonly ask: (targets: readonly string[] | undefined) => Promise<PreviewTotal | null>;
  readonly stop: () => void;
}

export interface PreviewOptions {
  readonly preview: (
    document: Document,
    targets: readonly string[] | undefined,
  ) => Promise<RunPreview>;
  readonly document: () => Document;
  readonly quietMs?: number;
}

/** What Run would do, kept up to date while the document changes. Asks one question at a time, the newest only. */
export function createPreviewStore({
  preview,
  document,
  quietMs = 300,
}: PreviewOptions): PreviewStore {
  const store = createStore<PreviewState>(() => ({ nodes: {}, total: null }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asked = 0;

  const refreshNow = async () => {
    asked += 1;
    const mine = asked;
    try {
      const answer = await preview(document(), undefined);
      if (mine !== asked) return;
      store.setState(({ nodes }) => ({ nodes: nodesOf(answer, nodes), total: totalOf(answer) }));
    } catch {
      // Offline: the estimate is not known, and the next change asks again.
      if (mine === asked) store.setState({ total: null });
    }
  };
  return {
    ...store,
    refresh: () => {
      clearTimeout(timer);
      timer = setTimeout(() => void refreshNow(), quietMs);
    },
    ask: async (targets) => totalOf(await preview(document(), targets)),
    stop: () => clearTimeout(timer),
  };
}

function totalOf(preview: RunPreview): PreviewTotal | null {
  if (preview.problems.length > 0) return null;
  // Values and lists are there at once: only what a runner computes is worth counting.
  const computed = preview.steps.filter(({ type }) => catalog.get(type)?.work.kind === "op");
  const reused = computed.filter(({ cached }) => cached).length;
  return { estimate: preview.estimate, steps: computed.length, reused };
}

/** Entries that say the same keep their identity, so that only nodes whose estimate changed render again. */
function nodesOf(preview: RunPreview, before: PreviewState["nodes"]): PreviewState["nodes"] {
  const nodes: Record<string, NodePreview> = {};
  for (const { nodeIds, cached, estimate } of preview.steps) {
    for (const id of nodeIds) {
      const old = before[id];
      const same =
        old?.cached === cached &&
        old.deviceMs === estimate.deviceMs &&
        old.costUsd === estimate.costUsd;
      nodes[id] = same ? old : { cached, ...estimate };
    }
  }
  return nodes;
}
