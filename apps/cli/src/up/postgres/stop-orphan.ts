import { existsSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Fatal } from "../../fatal.ts";
import { commandLineOf, processStart } from "../process-identity.ts";

/** How long each way of stopping is given, in this order; the last cannot be refused. */
const ways = [
  { signal: "SIGINT", waitMs: 20_000 },
  { signal: "SIGQUIT", waitMs: 10_000 },
  { signal: "SIGKILL", waitMs: 5_000 },
] as const;

/**
 * Ends the database that a previous run left on this cluster, and removes what a crashed one left behind. The caller
 * holds the data folder's lock, so nobody else means to use it.
 */
export async function stopOrphan(cluster: string): Promise<"none" | "stale" | "stopped"> {
  const file = path.join(cluster, "postmaster.pid");
  if (!existsSync(file)) return "none";
  const pid = Number(readFileSync(file, "utf8").split("\n")[0]);
  const runs = Number.isInteger(pid) && pid > 1 && isOurs(pid, cluster);
  if (!runs) {
    // Another process may have been given the id meanwhile; PostgreSQL would take it for itself and refuse to start.
    rmSync(file, { force: true });
    return "stale";
  }
  for (const { signal, waitMs } of ways) {
    signalIfThere(pid, signal);
    if (await isGone(pid, waitMs)) return "stopped";
  }
  throw new Fatal(`a database of an earlier run (process ${pid}) cannot be stopped`);
}

/** The id of the running database, for signals that its keeper does not send. */
export function postmasterPid(cluster: string): number | null {
  try {
    const pid = Number(readFileSync(path.join(cluster, "postmaster.pid"), "utf8").split("\n")[0]);
    return Number.isInteger(pid) && pid > 1 && isOurs(pid, cluster) ? pid : null;
  } catch {
    return null;
  }
}

function isOurs(pid: number, cluster: string): boolean {
  return processStart(pid) !== null && commandLineOf(pid).includes(cluster);
}

function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const gone = error instanceof Error && "code" in error && error.code === "ESRCH";
    if (!gone) throw error;
  }
}

async function isGone(pid: number, waitMs: number): Promise<boolean> {
  const end = Date.now() + waitMs;
  while (Date.now() < end) {
    if (processStart(pid) === null) return true;
    await delay(50);
  }
  return false;
}
