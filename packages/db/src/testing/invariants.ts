import type { Database } from "../database.ts";

/** The numbers are those of the reliability notes; each query gives the rows that break the rule. */
const invariants: Readonly<Record<string, string>> = {
  "I1 every accepted run is terminal": `
    SELECT id, status FROM run WHERE status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED')`,
  "I1 a terminal run has no live step": `
    SELECT s.id, s.status FROM step s JOIN run r ON r.id = s.run_id
    WHERE r.status IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'EXPIRED')
      AND s.status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED')`,
  "I1 remaining counts the steps of the plan that are not terminal": `
    SELECT r.id, r.remaining FROM run r WHERE r.remaining <> (
      SELECT count(*) FROM step s WHERE s.run_id = r.id AND s.item IS NULL
        AND s.status NOT IN ('SUCCEEDED', 'FAILED', 'CANCELED', 'SKIPPED'))`,
  "I1 the time of a run stands still while it is paused or waits for a person, and only then": `
    SELECT r.id, r.status, r.waiting, r.held_at FROM run r
    WHERE r.waiting <> (SELECT count(*) FROM step s WHERE s.run_id = r.id AND s.status = 'WAITING')
      OR (r.held_at IS NOT NULL) <> (r.status = 'PAUSED' OR r.waiting > 0)`,
  "I1 no step of a paused run can be taken or keeps others from its work": `
    SELECT s.id FROM step s JOIN run r ON r.id = s.run_id AND r.status = 'PAUSED'
    WHERE s.status = 'READY' AND (NOT s.joined OR EXISTS (SELECT FROM inflight i WHERE i.step_id = s.id))`,
  "I2 every committed step that a runner made has one usage row, and nothing else has": `
    SELECT coalesce(s.id, u.step_id) AS id FROM usage_event u
    FULL JOIN (SELECT id FROM step WHERE op IS NOT NULL AND status = 'SUCCEEDED' AND epoch > 0 AND NOT cached) s
      ON s.id = u.step_id
    WHERE s.id IS NULL OR u.step_id IS NULL`,
  "I2 a run costs what its usage rows say": `
    SELECT r.id FROM run r WHERE r.cost_usd <> (SELECT coalesce(sum(cost_usd), 0) FROM usage_event u WHERE u.run_id = r.id)`,
  "I3 a step is committed by its last lease, once": `
    SELECT a.step_id FROM step_attempt a JOIN step s ON s.id = a.step_id
    WHERE a.outcome = 'SUCCEEDED' AND (a.epoch <> s.epoch OR s.status <> 'SUCCEEDED')
    UNION ALL SELECT step_id FROM step_attempt WHERE outcome = 'SUCCEEDED' GROUP BY step_id HAVING count(*) > 1`,
  "I3 nothing is paid twice, and nothing but the last lease": `
    SELECT u.step_id FROM usage_event u JOIN step s ON s.id = u.step_id
    WHERE NOT EXISTS (
      SELECT FROM step_attempt a WHERE a.step_id = s.id AND a.epoch = s.epoch AND a.outcome = 'SUCCEEDED')
    UNION ALL SELECT step_id FROM usage_event GROUP BY step_id HAVING count(*) > 1`,
  "I4 event numbers have no gaps and end at the run's": `
    SELECT r.id, count(e.seq), max(e.seq), r.event_seq FROM run r LEFT JOIN run_event e ON e.run_id = r.id
    GROUP BY r.id HAVING count(e.seq) <> r.event_seq OR max(e.seq) <> r.event_seq OR min(e.seq) <> 1`,
  "I4 a terminal run has one terminal event, which is the last": `
    SELECT r.id FROM run r JOIN run_event e ON e.run_id = r.id
      AND e.body->>'type' IN ('run.succeeded', 'run.failed', 'run.canceled', 'run.expired')
    GROUP BY r.id, r.event_seq HAVING count(*) <> 1 OR max(e.seq) <> r.event_seq`,
  "I4 a step succeeds, fails, is skipped or is cancelled once": `
    SELECT run_id, body->>'stepId', body->>'item' FROM run_event
    WHERE body->>'type' IN ('step.succeeded', 'step.failed', 'step.skipped', 'step.canceled')
    GROUP BY 1, 2, 3 HAVING count(*) > 1`,
  "no work is held as in flight by a step that is over": `
    SELECT i.step_id FROM inflight i LEFT JOIN step s ON s.id = i.step_id
    WHERE s.id IS NULL OR s.status NOT IN ('READY', 'LEASED')`,
};

/** Holds where nothing was swept: a result may outlive its files, and is then made again. */
const unsweptInvariants: Readonly<Record<string, string>> = {
  "I5 every file that a committed step made is an artifact of its workspace": `
    SELECT s.id, file.sha256 FROM step s
    CROSS JOIN LATERAL (
      SELECT jsonb_path_query(s.outputs, '$.**.artifact.sha256') #>> '{}' AS sha256
    ) file
    WHERE s.status = 'SUCCEEDED' AND s.epoch > 0 AND NOT EXISTS (
      SELECT FROM artifact a WHERE a.workspace_id = s.workspace_id AND a.sha256 = file.sha256)`,
};

export interface InvariantsOptions {
  /** Files were swept meanwhile. Default false. */
  readonly isSwept?: boolean;
}

/** Rules that are broken, with the first rows that break them. Empty after every scenario that has come to its end. */
export async function findViolations(
  database: Database,
  { isSwept = false }: InvariantsOptions = {},
): Promise<string[]> {
  const violations: string[] = [];
  const rules = isSwept ? invariants : { ...invariants, ...unsweptInvariants };
  for (const [rule, sql] of Object.entries(rules)) {
    const { rows } = await database.pool.query(`SELECT * FROM (${sql}) AS broken LIMIT 3`);
    if (rows.length > 0) violations.push(`${rule}: ${JSON.stringify(rows)}`);
  }
  return violations;
}

/** Throws with what is broken, if anything is. */
export async function checkInvariants(
  database: Database,
  options: InvariantsOptions = {},
): Promise<void> {
  const violations = await findViolations(database, options);
  if (violations.length > 0) throw new Error(violations.join("\n"));
}

/**
 * The half of I5 that SQL cannot see: names of committed artifacts whose stored bytes `read` cannot give as they were
 * written. `read` throws for a file that is missing or damaged, as a blob store's does.
 */
export async function findDamagedArtifacts(
  database: Database,
  read: (sha256: string) => Promise<unknown>,
): Promise<string[]> {
  const { rows } = await database.pool.query<{ sha256: string }>(
    "SELECT DISTINCT sha256 FROM artifact",
  );
  const damaged: string[] = [];
  for (const { sha256 } of rows) await read(sha256).catch(() => damaged.push(sha256));
  return damaged;
}
