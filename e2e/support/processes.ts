import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process of this machine. */
export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** Its command line, space separated. */
  readonly command: string;
}

/** Every process whose command line or environment names `text`, such as a data folder. */
export function processesWith(text: string): RunningProcess[] {
  return listProcesses().filter(
    ({ pid, command }) => command.includes(text) || environmentOf(pid).includes(text),
  );
}

/** `kill -9` for all of them; those that ended with another one, as they should, are gone already. */
export function killAll(processes: readonly RunningProcess[]): void {
  for (const { pid } of processes) {
    try {
      process.kill(pid, "SIGKILL");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
    }
  }
}

function listProcesses(): RunningProcess[] {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,args="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return rows.split("\n").flatMap((row) => {
    const found = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(row);
    if (found === null) return [];
    return [{ pid: Number(found[1]), parent: Number(found[2]), command: found[3] ?? "" }];
  });
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}
