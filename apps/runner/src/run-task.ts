import {
  defaultLimits,
  type Limits,
  type StepError,
  type Task,
  type TaskResult,
} from "@heddle/core";
import { inSpan, recordSpan, type BlobAccess, type CheckpointStore } from "@heddle/infra";
import type { Checkpoint, Op, OpContext } from "./op.ts";

export interface RunTaskOptions {
  readonly op: Op | undefined;
  readonly blobs: BlobAccess;
  readonly checkpoints: CheckpointStore;
  readonly limits?: Limits | undefined;
  readonly signal: AbortSignal;
  readonly progress: OpContext["progress"];
  readonly preview: OpContext["preview"];
  readonly note: OpContext["note"];
}

/**
 * Does one task, and says how it ended; never throws. What `OpError` says is the author's to mend (USER), an abort hands
 * the task back, anything else is the platform's fault (INFRA) and is tried again.
 */
export async function runTask(task: Task, options: RunTaskOptions): Promise<TaskResult> {
  const { op, signal } = options;
  if (op === undefined) return failed("INFRA", "unknown_op", `This runner has no op "${task.op}"`);
  let [loadMs, waitMs] = [0, 0];
  const startedAt = performance.now();
  const clocks = {
    loaded: (ms: number) => {
      loadMs += Math.max(0, ms);
      recordSpan("load weights", Math.max(0, ms));
    },
    waited: (ms: number) => void (waitMs += Math.max(0, ms)),
  };
  try {
    const outputs = await inSpan("compute", {}, () => op.run(contextOf(task, options, clocks)));
    const deviceMs = Math.max(0, performance.now() - startedAt - loadMs - waitMs);
    return { status: "succeeded", outputs, loadMs, deviceMs };
  } catch (error) {
    return signal.aborted
      ? { status: "canceled" }
      : { status: "failed", error: toStepError(error) };
  }
}

function contextOf(
  task: Task,
  options: RunTaskOptions,
  clocks: Pick<OpContext, "loaded" | "waited">,
): OpContext {
  const { blobs, signal, progress, preview, note, limits = defaultLimits } = options;
  return {
    params: task.params,
    inputs: task.inputs,
    version: task.version,
    ...(task.model === undefined ? {} : { model: task.model }),
    blobs: traced(blobs),
    checkpoint: checkpointOf(task, options.checkpoints),
    signal,
    limits,
    priority: task.item === null ? 1 : 0,
    progress,
    preview,
    note,
    ...clocks,
  };
}

/** What it takes to get files and to leave them is seen in the trace of the step. */
function traced(blobs: BlobAccess): BlobAccess {
  return {
    put: (...source) => inSpan("upload", {}, () => blobs.put(...source)),
    read: (sha256) => inSpan("download", {}, () => blobs.read(sha256)),
    stream: (...part) => inSpan("download", {}, () => blobs.stream(...part)),
    head: (sha256) => blobs.head(sha256),
  };
}

/** Every attempt at a task has its cache key; workspaces share nothing. */
function checkpointOf({ workspaceId, cacheKey }: Task, store: CheckpointStore): Checkpoint {
  const key = `${workspaceId}/${cacheKey}`;
  return {
    read: () => store.read(key),
    write: (state) => store.write(key, state),
    remove: () => store.remove(key),
  };
}

function failed(errorClass: StepError["class"], code: string, message: string): TaskResult {
  return { status: "failed", error: { class: errorClass, code, message } };
}

const blobErrors: Readonly<Record<string, string>> = {
  BlobMissing: "blob_missing",
  BlobCorrupt: "blob_corrupt",
  BlobStoreFull: "blob_store_full",
  BlobStoreUnavailable: "blob_store_unavailable",
};

/** By name: `instanceof` fails across bundles. */
function toStepError(error: unknown): StepError {
  if (!(error instanceof Error))
    return { class: "INFRA", code: "op_failed", message: String(error) };
  const { name, message } = error;
  if (name === "OpError" && "code" in error && typeof error.code === "string") {
    const portId =
      "portId" in error && typeof error.portId === "string" ? { portId: error.portId } : {};
    return { class: "USER", code: error.code, message, ...portId };
  }
  return { class: "INFRA", code: blobErrors[name] ?? "op_failed", message };
}
