import { cpus } from "node:os";

/** Milliseconds of processor time since some point, of all cores together. */
interface MachineUse {
  /** Of this process, all of its threads. */
  readonly ownMs: number;
  /** Of all processes. */
  readonly allMs: number;
  /** That there was. */
  readonly thereMs: number;
}

export function machineUse(): MachineUse {
  const { user, system } = process.cpuUsage();
  const times = cpus().map((cpu) => cpu.times);
  const allMs = times.reduce((sum, time) => sum + time.user + time.nice + time.sys + time.irq, 0);
  const idleMs = times.reduce((sum, time) => sum + time.idle, 0);
  return { ownMs: (user + system) / 1000, allMs, thereMs: allMs + idleMs };
}

/** What other processes took of the machine between two points, per cent: how far times on the clock are to be trusted. */
export function othersSharePercent(before: MachineUse, after: MachineUse): number {
  const othersMs = after.allMs - before.allMs - (after.ownMs - before.ownMs);
  return (100 * Math.max(0, othersMs)) / Math.max(1, after.thereMs - before.thereMs);
}
