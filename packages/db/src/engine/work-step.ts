import type { Json, StepError, StepStatus, Value } from "@heddle/core";
import type { StepSpec } from "../runs/step-spec.ts";

/**
 * A step's row in the memory of one transaction, which holds the lock of its run: nobody else changes it meanwhile
 * (but for heartbeats, which move `lease_expires_at`). Times are milliseconds of the database's clock.
 */
export interface WorkStep {
  readonly id: string;
  /** Id in the plan. */
  readonly stepId: string;
  readonly item: number | null;
  readonly parentId: string | null;
  readonly ordinal: number;
  readonly nodeIds: readonly string[];
  readonly op: string | null;
  readonly spec: StepSpec;
  /** Rows that need this one's outputs. */
  readonly children: readonly string[];
  status: StepStatus;
  attempt: number;
  epoch: number;
  leaseOwner: string | null;
  /** Set only by a lease of this transaction: heartbeats move it without the run's lock. */
  leaseExpiresAt: number | null;
  depsRemaining: number;
  infraFailures: number;
  availableAt: number | null;
  joined: boolean;
  cacheKey: string | null;
  /** Written when the step becomes READY; not read back. */
  params: Readonly<Record<string, Json>> | null;
  inputs: Readonly<Record<string, Value>> | null;
  outputs: Readonly<Record<string, Value>> | null;
  error: StepError | null;
  cached: boolean;
  fromRunId: string | null;
  readyAt: number | null;
  startedAt: number | null;
  finishedAt: number | null;
  loadMs: number;
  deviceMs: number;
  costUsd: number;
}

/** Columns of `step s` in the order that nobody relies on; `toWorkStep` reads them. */
export const workStepColumns = `
  s.id, s.step_id, s.item, s.parent_id, s.ordinal, s.node_ids, s.op, s.spec, s.status, s.deps_remaining, s.attempt,
  s.infra_failures, s.epoch, s.lease_owner, s.joined, s.cache_key, s.outputs, s.error, s.cached, s.from_run_id,
  s.load_ms, s.device_ms, s.cost_usd::float8 AS cost_usd,
  (extract(epoch FROM s.ready_at) * 1000)::float8 AS ready_at,
  (extract(epoch FROM s.started_at) * 1000)::float8 AS started_at,
  (SELECT array_agg(e.to_id) FROM step_edge e WHERE e.from_id = s.id) AS children`;

export interface WorkStepRow {
  readonly id: string;
  readonly step_id: string;
  readonly item: number | null;
  readonly parent_id: string | null;
  readonly ordinal: number;
  readonly node_ids: readonly string[];
  readonly op: string | null;
  readonly spec: StepSpec;
  readonly status: StepStatus;
  readonly deps_remaining: number;
  readonly attempt: number;
  readonly infra_failures: number;
  readonly epoch: number;
  readonly lease_owner: string | null;
  readonly joined: boolean;
  readonly cache_key: string | null;
  readonly outputs: Readonly<Record<string, Value>> | null;
  readonly error: StepError | null;
  readonly cached: boolean;
  readonly from_run_id: string | null;
  readonly load_ms: number;
  readonly device_ms: number;
  readonly cost_usd: number;
  readonly ready_at: number | null;
  readonly started_at: number | null;
  readonly children: readonly string[] | null;
}

export function toWorkStep(row: WorkStepRow): WorkStep {
  return {
    id: row.id,
    stepId: row.step_id,
    item: row.item,
    parentId: row.parent_id,
    ordinal: row.ordinal,
    nodeIds: row.node_ids,
    op: row.op,
    spec: row.spec,
    children: row.children ?? [],
    attempt: row.attempt,
    epoch: row.epoch,
    leaseOwner: row.lease_owner,
    leaseExpiresAt: null,
    status: row.status,
    depsRemaining: row.deps_remaining,
    infraFailures: row.infra_failures,
    availableAt: null,
    joined: row.joined,
    cacheKey: row.cache_key,
    params: null,
    inputs: null,
    outputs: row.outputs,
    error: row.error,
    cached: row.cached,
    fromRunId: row.from_run_id,
    readyAt: row.ready_at,
    startedAt: row.started_at,
    finishedAt: null,
    loadMs: row.load_ms,
    deviceMs: row.device_ms,
    costUsd: row.cost_usd,
  };
}

/** The row of one item of a mapped step, not written yet. */
export function itemOf(parent: WorkStep, id: string, item: number): WorkStep {
  return {
    ...parent,
    id,
    item,
    parentId: parent.id,
    spec: { ...parent.spec, mapped: [], gives: [] },
    children: [],
    status: "BLOCKED",
    depsRemaining: 0,
  };
}
