import type { StepError, Value } from "@heddle/core";
import { useFiles } from "../retention/use-files.ts";
import { isWhole } from "../retention/whole-result.ts";
import type { Statement } from "../transaction.ts";
import { artifactsOf } from "./measure-outputs.ts";
import type { PreparedStep } from "./prepare-step.ts";
import type { RunWork } from "./run-work.ts";
import { fail, makeReady, succeed } from "./transitions.ts";
import type { WorkStep } from "./work-step.ts";

/** A step that a runner would have to do. */
export interface Candidate {
  readonly step: WorkStep;
  /** Null: its row has it already. */
  readonly prepared: PreparedStep | null;
  readonly cacheKey: string;
}

interface CacheRow {
  readonly cache_key: string;
  /** Null: it is in quarantine. */
  readonly outputs: Readonly<Record<string, Value>> | null;
  readonly run_id: string;
}

/**
 * Completes the steps whose result is in the workspace's cache, and queues the others: for a runner, or, when the same
 * work is under way in any run of the workspace, behind that (single flight). What is in quarantine fails. Of a paused run
 * everything waits, so that it keeps nobody else from the work.
 */
export async function reuseOrQueue(work: RunWork, candidates: readonly Candidate[]): Promise<void> {
  if (work.run.status === "PAUSED") {
    for (const candidate of candidates)
      makeReady(work, candidate.step, { ...candidate, joined: true });
    return;
  }
  const keys = candidates.map(({ cacheKey }) => cacheKey);
  const ids = candidates.map(({ step }) => step.id);
  // One round trip. What is no longer whole goes first, so that it counts as unknown. The claim on the key comes before the
  // lookup: a result that is committed in between is then seen by it.
  void work.tx.query(forgetSweptSql, [work.run.workspaceId, keys]);
  const claimed = work.tx.query<{ step_id: string }>(claimKeysSql, [
    work.run.workspaceId,
    keys,
    ids,
  ]);
  const found = work.tx.query<CacheRow>(lookUpSql, [work.run.workspaceId, keys]);
  const holders = new Set((await claimed).rows.map(({ step_id }) => step_id));
  const hits = new Map((await found).rows.map((row) => [row.cache_key, row]));
  const files = [...hits.values()].flatMap(({ outputs }) => artifactsOf(outputs ?? {}));
  void useFiles(
    work.tx,
    work.run.workspaceId,
    files.map(({ sha256 }) => sha256),
  );
  for (const { step, prepared, cacheKey } of candidates) {
    const hit = hits.get(cacheKey);
    if (hit === undefined) {
      makeReady(work, step, { prepared, cacheKey, joined: !holders.has(step.id) });
      continue;
    }
    step.cacheKey = cacheKey;
    if (holders.has(step.id)) work.released.push({ cacheKey, stepId: step.id });
    if (hit.outputs === null) fail(work, step, quarantined(hit.run_id));
    else succeed(work, step, { outputs: hit.outputs, fromRunId: hit.run_id });
  }
}

function quarantined(runId: string): StepError {
  const message = `This took several runners down in run ${runId}, and is not tried again for a day; change one of its inputs`;
  return { class: "POISON", code: "quarantined", message };
}

const forgetSweptSql: Statement = {
  name: "engine_forget_swept",
  text: `DELETE FROM cache_entry c WHERE c.workspace_id = $1 AND c.cache_key = ANY ($2) AND NOT (${isWhole})`,
};
const claimKeysSql: Statement = {
  name: "engine_claim_keys",
  // In the order of the keys, so that two transactions that want the same ones cannot wait for each other. A scalar
  // subquery, and not NOT EXISTS: that becomes an anti-join, which reads the whole cache of the workspace.
  text: `
    INSERT INTO inflight (workspace_id, cache_key, step_id)
    SELECT $1, key, id FROM unnest($2::text[], $3::text[]) AS wanted(key, id)
    WHERE (SELECT true FROM cache_entry c WHERE c.workspace_id = $1 AND c.cache_key = key) IS NULL
    ORDER BY key, id
    ON CONFLICT DO NOTHING
    RETURNING step_id`,
};
const lookUpSql: Statement = {
  name: "engine_look_up",
  text: `
    SELECT cache_key, outputs, run_id FROM cache_entry WHERE workspace_id = $1 AND cache_key = ANY ($2)
    UNION ALL
    SELECT cache_key, NULL, run_id FROM quarantine
    WHERE workspace_id = $1 AND cache_key = ANY ($2) AND created_at > now() - interval '1 day'`,
};
