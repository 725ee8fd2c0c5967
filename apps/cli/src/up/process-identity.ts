import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process started, as an opaque text, or null when no such process runs. Beside the id it tells a process from
 * a later one that was given the same id, which is common after a reboot and in containers.
 */
export function processStart(pid: number): string | null {
  return process.platform === "linux" ? startOnLinux(pid) : startByPs(pid);
}

/** The command line of a process, space separated; empty when it cannot be read. */
export function commandLineOf(pid: number): string {
  if (process.platform !== "linux") return runPs(pid, "command=");
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** The parent of a process, or null when no such process runs. */
export function parentOf(pid: number): number | null {
  const found = process.platform === "linux" ? fieldsOnLinux(pid)?.[1] : runPs(pid, "ppid=");
  return found === undefined || found === "" ? null : Number(found);
}

function startOnLinux(pid: number): string | null {
  const fields = fieldsOnLinux(pid);
  if (fields === null || fields[0] === "Z" || fields[0] === "X") return null;
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  return `${boot} ${fields[19]}`;
}

/** State, parent, … start time (20th): what follows the name in parentheses, which may hold anything. */
function fieldsOnLinux(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

function startByPs(pid: number): string | null {
  return runPs(pid, "lstart=") || null;
}

function runPs(pid: number, column: string): string {
  const found = spawnSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" });
  return found.status === 0 ? found.stdout.trim() : "";
}
