/** Weights that a step needs, or that a runner holds. */
export interface WeightsRef {
  /** SHA-256 of the file. */
  readonly hash: string;
  readonly sizeBytes: number;
}

/** A step that could be leased now. */
export interface ReadyStep {
  readonly id: string;
  readonly workspaceId: string;
  /** Higher goes first, within its workspace only. */
  readonly priority: number;
  readonly op: string;
  /** The first, largest, is what decides where the step goes best. Empty: any runner with the op does. */
  readonly weights: readonly WeightsRef[];
  readonly adapters: readonly WeightsRef[];
  /** What the steps after this one will need. */
  readonly downstream: readonly WeightsRef[];
  /** Estimate of the device time without any load, ms. */
  readonly serviceMs: number;
  /** Steps of one key may be computed together: op, weights, shape, numeric class. */
  readonly batchKey: string;
  /** By when it should be done, ms; null: whenever. */
  readonly deadlineMs: number | null;
  readonly readyAtMs: number;
}

/** What a runner holds of one file of weights. */
export interface Held {
  readonly sizeBytes: number;
  readonly onDevice: boolean;
  /** When it is, or was, in RAM, ms; null: it is not, and nobody loads it. */
  readonly inRamAtMs: number | null;
}

/** Milliseconds to the device, as measured on a runner. */
export interface LoadTimes {
  readonly fromDiskMs: number;
  readonly fromRamMs: number;
}

export interface RunningTask {
  readonly step: ReadyStep;
  readonly endsAtMs: number;
  /** It keeps its state at a step boundary and can go on elsewhere. */
  readonly isPreemptible: boolean;
}

export interface Runner {
  readonly id: string;
  readonly ops: ReadonlySet<string>;
  /** It does the steps of this workspace only, whose own device it is; absent: of all. */
  readonly workspaceId?: string | undefined;
  /** Bytes for weights on the device, and in RAM. */
  readonly deviceBytes: number;
  readonly ramBytes: number;
  /** Tasks that it runs at once. */
  readonly slots: number;
  readonly running: readonly RunningTask[];
  /** When the last slot became free, or the first one will, ms. */
  readonly freeAtMs: number;
  readonly models: ReadonlyMap<string, Held>;
  readonly adapters: ReadonlyMap<string, Held>;
  /** By hash; what was never loaded there is estimated by the two rates. */
  readonly loadTimes: ReadonlyMap<string, LoadTimes>;
  readonly diskMsPerByte: number;
  readonly ramMsPerByte: number;
  /** Rows of the largest batch that pays, by batch key, from the measured profile; 1 where there is none. */
  readonly batchCaps: ReadonlyMap<string, number>;
}

/** Bounds of the policy; times in milliseconds. */
export interface ClusterOptions {
  /**
   * Device time for each slot of the pool by which a workspace may be ahead of another and still be served first because its
   * weights are there: about as long as the other then waits.
   */
  readonly aheadMs: number;
  /**
   * Device time that a workspace which had nothing gets ahead of those that always have something: so that its few steps
   * need not take turns with their many. It has it again only once the others have had as much.
   */
  readonly joinCreditMs: number;
  /** How much longer than another, beside the time of the load, a step must have waited for a runner to change models. */
  readonly keepMs: number;
  /** A step that has waited this long is left for no other runner any more. */
  readonly patienceMs: number;
  /** Leased steps that a workspace may have at most, unless another number was set for it. */
  readonly stepsPerWorkspace: number;
  /**
   * Runners read from disk into RAM while they compute, as `prefetch` says. Then no device waits for a disk: a step is begun
   * once its weights are in RAM, and other steps meanwhile.
   */
  readonly readsAhead: boolean;
}

export const defaultClusterOptions: ClusterOptions = {
  aheadMs: 2_000,
  joinCreditMs: 5_000,
  keepMs: 1_000,
  patienceMs: 300_000,
  stepsPerWorkspace: Number.POSITIVE_INFINITY,
  readsAhead: false,
};

export function isFree(runner: Runner): boolean {
  return runner.running.length < runner.slots;
}

/** The weights that placement goes by; "" for a step without any. */
export function modelOf(step: ReadyStep): string {
  return step.weights[0]?.hash ?? "";
}
