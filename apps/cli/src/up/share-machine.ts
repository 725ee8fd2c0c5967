import { hostname } from "node:os";
import type { Settings } from "../env.ts";
import { Fatal } from "../fatal.ts";

type ShareSettings = Pick<Settings, "runners" | "runnerOps" | "databaseUrl" | "inherited">;

/** What one of several runners is told of its part of the machine; what is absent it chooses itself. */
export interface RunnerShare {
  readonly RUNNER_NAME?: string;
  readonly RUNNER_THREADS?: string;
  readonly RUNNER_METRICS_PORT?: string;
  readonly RUNNER_OPS?: string;
}

/**
 * The runners of this machine, one for each of `HEDDLE_RUNNERS`: a name for each, and the cores split among them, so that
 * together they have as many threads as one alone would. Weights follow the threads. Throws Fatal when `RUNNER_OPS` lists
 * the ops of another number of runners.
 */
export function shareMachine(
  settings: ShareSettings,
  dataFolderId: string,
  cores: number,
): RunnerShare[] {
  const { runners, inherited } = settings;
  const ops = opsOf(settings);
  const threads = inherited["RUNNER_THREADS"];
  const metricsPort = Number(inherited["RUNNER_METRICS_PORT"] || 0);
  return Array.from({ length: runners }, (_, index) => {
    const part = Math.floor(cores / runners) + (index < cores % runners ? 1 : 0);
    const name = nameOf(settings, dataFolderId, index);
    const own = ops[index] ?? ops[0];
    return {
      ...(name !== undefined && { RUNNER_NAME: name }),
      ...(runners > 1 && { RUNNER_THREADS: threads || String(Math.max(1, part)) }),
      ...(metricsPort > 0 && { RUNNER_METRICS_PORT: String(metricsPort + index) }),
      ...(own !== undefined && { RUNNER_OPS: own }),
    };
  });
}

/** Of two equal names one gives way, so where others share the database it is one that only this data folder has. */
function nameOf(
  { runners, databaseUrl, inherited }: ShareSettings,
  dataFolderId: string,
  index: number,
): string | undefined {
  const shared = databaseUrl === undefined ? undefined : dataFolderId.slice(0, 6);
  const chosen = inherited["RUNNER_NAME"] || (shared && `${hostname()}-${shared}`);
  return runners === 1 ? chosen : `${chosen ?? `${hostname()}-cpu`}-${index}`;
}

function opsOf({ runners, runnerOps }: ShareSettings): string[] {
  if (runnerOps === undefined) return [];
  const lists = runnerOps.split(";");
  if (lists.length === 1 || lists.length === runners) return lists;
  throw new Fatal(
    `RUNNER_OPS has ${lists.length} lists (with semicolons between), and HEDDLE_RUNNERS is ${runners}: one for all, or one for each`,
  );
}
