import { readFileSync, writeFileSync } from "node:fs";

const status = "/proc/self/status";

/** Resident memory of this process, MB (10⁶ bytes). */
export function residentMb(): number {
  return process.memoryUsage.rss() / 1e6;
}

/** Begins a new peak, where the system can do that: Linux. */
export function resetPeak(): void {
  try {
    writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // Then the peak is that since the start.
  }
}

/** Most resident memory since the last `resetPeak`, MB. */
export function peakMb(): number {
  try {
    const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(status, "utf8")) ?? [];
    if (kilobytes !== undefined) return (Number(kilobytes) * 1024) / 1e6;
  } catch {
    // Not Linux.
  }
  return (process.resourceUsage().maxRSS * 1024) / 1e6;
}
