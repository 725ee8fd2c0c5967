import {
  loadTimes,
  type Held,
  type LoadTimes,
  type Resident,
  type Runner,
  type RunningTask,
  type WeightsLoad,
  type WeightsRef,
} from "@heddle/core";

/** What a runner has said of itself. */
export interface RunnerFacts {
  readonly ops: readonly string[];
  readonly slots: number;
  /** It does the steps of this workspace only; null: of all. */
  readonly workspaceId: string | null;
  /** Of the device. */
  readonly memoryBytes: number;
  readonly resident: readonly Resident[];
}

/** Until something was loaded there: 1 GB/s from the disk, and as long again for every session. */
const unmeasuredMsPerByte = 1e-6;

/** What was asked for and is not there after this time will not come, ms. */
const prefetchMs = 60_000;

/** One runner as the dispatcher knows it: what it said, what it was given, and how long its loads took. */
export class KnownRunner {
  readonly id: string;
  readonly tasks = new Map<string, RunningTask>();
  facts: RunnerFacts;
  heardAtMs: number;
  freeSinceMs: number;
  readonly #loadTimes = new Map<string, LoadTimes>();
  readonly #prefetched = new Map<string, Held & { readonly untilMs: number }>();

  constructor(id: string, facts: RunnerFacts, nowMs: number) {
    this.id = id;
    this.facts = facts;
    this.heardAtMs = nowMs;
    this.freeSinceMs = nowMs;
  }

  /** The newest measurement counts. */
  loaded({ sha256, tier, ms }: WeightsLoad): void {
    const { fromDiskMs = 0, fromRamMs = 0 } = this.#loadTimes.get(sha256) ?? {};
    const readMs = tier === "ram" ? ms : Math.max(0, fromDiskMs - fromRamMs);
    const toDeviceMs = tier === "session" ? ms : fromRamMs;
    this.#loadTimes.set(sha256, { fromDiskMs: readMs + toDeviceMs, fromRamMs: toDeviceMs });
  }

  /** It was told to load these weights. */
  prefetches({ hash, sizeBytes }: WeightsRef, nowMs: number): void {
    const inRamAtMs = nowMs + loadTimes(this.toRunner(nowMs), { hash, sizeBytes }).fromDiskMs;
    const held = { sizeBytes, onDevice: false, inRamAtMs, untilMs: nowMs + prefetchMs };
    this.#prefetched.set(hash, held);
  }

  /** A value for the pure functions. */
  toRunner(nowMs: number): Runner {
    const running = [...this.tasks.values()];
    const { ops, slots, workspaceId, memoryBytes, resident } = this.facts;
    const freeAtMs =
      running.length < slots
        ? this.freeSinceMs
        : Math.min(...running.map(({ endsAtMs }) => endsAtMs));
    return {
      id: this.id,
      ops: new Set(ops),
      workspaceId: workspaceId ?? undefined,
      deviceBytes: memoryBytes,
      // Of a CPU both are the same memory; of others that of the host is not known.
      ramBytes: memoryBytes - bytesOnDevice(resident),
      slots,
      running,
      freeAtMs,
      models: new Map([...this.#comingAt(nowMs), ...toHeld(resident)]),
      adapters: new Map(),
      loadTimes: this.#loadTimes,
      diskMsPerByte: 2 * unmeasuredMsPerByte,
      ramMsPerByte: unmeasuredMsPerByte,
      batchCaps: new Map(),
    };
  }

  #comingAt(nowMs: number): [string, Held][] {
    for (const [hash, { untilMs }] of this.#prefetched)
      if (untilMs < nowMs) this.#prefetched.delete(hash);
    return [...this.#prefetched].map(([hash, { untilMs: _, ...held }]) => [hash, held]);
  }
}

function bytesOnDevice(resident: readonly Resident[]): number {
  return resident.reduce(
    (sum, { tier, sizeBytes }) => sum + (tier === "session" ? sizeBytes : 0),
    0,
  );
}

/** What lies on the disk only is as good as not there: every runner has that. */
function toHeld(resident: readonly Resident[]): ReadonlyMap<string, Held> {
  const held = new Map<string, Held>();
  for (const { sha256, sizeBytes, tier } of resident) {
    if (tier === "disk") continue;
    const known = held.get(sha256);
    held.set(sha256, {
      sizeBytes: Math.max(sizeBytes, known?.sizeBytes ?? 0),
      onDevice: tier === "session" || known?.onDevice === true,
      inRamAtMs: tier === "ram" ? 0 : (known?.inRamAtMs ?? null),
    });
  }
  return held;
}
