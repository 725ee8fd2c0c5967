import type { Run } from "@heddle/client";
import type { SavedItem } from "./save-outputs.ts";

/** What `heddle run --json` prints for a run that came to be. */
export function runJson(run: Run, outputs: Record<string, SavedItem[]>) {
  return {
    run: { id: run.run.id, status: run.run.status },
    outputs,
    steps: run.steps.map((step) => ({
      nodeId: step.nodeId,
      type: step.type,
      item: step.item,
      status: step.status,
      cached: step.cached,
      queuedMs: step.queuedMs,
      durationMs: step.durationMs,
      deviceMs: step.deviceMs,
    })),
    cost: run.cost,
    error: run.error,
  };
}

interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly problems: readonly {
    readonly code?: string | undefined;
    readonly path?: string | undefined;
    readonly nodeId?: string | undefined;
    readonly portId?: string | undefined;
    readonly message: string;
  }[];
}

/** The same for a run that was refused: there is no run, and `error` has every problem. */
export function failedJson({ code, message, problems }: Refusal) {
  return {
    run: null,
    outputs: {},
    steps: [],
    cost: null,
    error: {
      code,
      message,
      problems: problems.map((problem) => ({
        code: problem.code ?? null,
        path: problem.path ?? null,
        nodeId: problem.nodeId ?? null,
        portId: problem.portId ?? null,
        message: problem.message,
      })),
    },
  };
}
