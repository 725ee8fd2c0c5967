import { AppError, type RegisterRequest, type Resident } from "@heddle/core";
import type { Database } from "./database.ts";
import { newId } from "./new-id.ts";
import type { RunnerIdentity } from "./runner-tokens.ts";

export type RunnerState = "idle" | "busy" | "lost";

export interface RunnerView {
  readonly id: string;
  readonly name: string;
  readonly device: RegisterRequest["device"];
  readonly ops: readonly string[];
  readonly slots: number;
  /** `lost`: nothing was heard of it for a while. */
  readonly state: RunnerState;
  /** The workspace whose own it is; null: it works for everybody. */
  readonly workspaceId: string | null;
  readonly registeredAt: Date;
  readonly lastSeenAt: Date;
}

export interface RegisterRunnerOptions extends Omit<RegisterRequest, "protocol"> {
  /** Default: the server's own runner. */
  readonly identity?: RunnerIdentity | undefined;
}

/** A runner that was not heard of for this long is lost. Seconds. */
const lostAfterSeconds = 60;

/**
 * Registers one life of a runner. A former life of the same name and token is over: what it had leased runs out now
 * instead of at the end of its lease. Returns the new id.
 */
export async function registerRunner(
  database: Database,
  options: RegisterRunnerOptions,
): Promise<string> {
  const id = newId("rnr");
  const { name, device, ops, slots } = options;
  const { tokenId, workspaceId } = options.identity ?? ownRunner;
  await database.pool.query(
    `WITH former AS (
       UPDATE runner SET replaced_at = now()
       WHERE name = $2 AND token_id IS NOT DISTINCT FROM $6 AND replaced_at IS NULL RETURNING id
     ), freed AS (
       UPDATE step SET lease_expires_at = now() WHERE id IN (
         SELECT id FROM step WHERE status = 'LEASED' AND lease_owner IN (SELECT id FROM former) FOR UPDATE SKIP LOCKED)
     )
     INSERT INTO runner (id, name, device, ops, slots, token_id, workspace_id)
     VALUES ($1, $2, $3::jsonb, $4, $5, $6, $7)`,
    [id, name, JSON.stringify(device), ops, slots, tokenId, workspaceId],
  );
  return id;
}

const ownRunner: RunnerIdentity = { tokenId: null, workspaceId: null };

/** Who registered under this id; null: nobody did. */
export async function findRunnerIdentity(
  database: Database,
  runnerId: string,
): Promise<RunnerIdentity | null> {
  const { rows } = await database.pool.query<RunnerIdentity>({
    name: "find_runner_identity",
    text: `SELECT token_id AS "tokenId", workspace_id AS "workspaceId" FROM runner WHERE id = $1`,
    values: [runnerId],
  });
  return rows[0] ?? null;
}

export interface KnownRunner {
  readonly ops: readonly string[];
  readonly slots: number;
  /** Of its device. */
  readonly memoryBytes: number;
  readonly resident: readonly Resident[];
}

/**
 * Notes that the runner is alive, and what it holds where that is said. Throws AppError `not_found` for one that is not known (it registers again), and
 * `conflict` for one whose name another process has taken over (it must stop).
 */
export async function touchRunner(
  database: Database,
  runnerId: string,
  { resident }: { readonly resident?: readonly Resident[] | undefined } = {},
): Promise<KnownRunner> {
  const { rows } = await database.pool.query<KnownRunner & { replaced: boolean }>({
    name: "touch_runner",
    text: `
      UPDATE runner SET resident = coalesce($2::jsonb, resident),
        last_seen_at = CASE WHEN replaced_at IS NULL THEN now() ELSE last_seen_at END
      WHERE id = $1 RETURNING ops, slots, (device->>'memoryBytes')::float8 AS "memoryBytes", resident,
        replaced_at IS NOT NULL AS replaced`,
    values: [runnerId, resident === undefined ? null : JSON.stringify(resident)],
  });
  if (rows[0] === undefined) throw new AppError("not_found", "This runner is not registered");
  const { replaced, ...runner } = rows[0];
  if (replaced) throw new AppError("conflict", "Another runner has registered under this name");
  return runner;
}

/** A runner that says goodbye is not shown as lost. */
export async function removeRunner(database: Database, runnerId: string): Promise<void> {
  await database.pool.query(
    "UPDATE runner SET replaced_at = now() WHERE id = $1 AND replaced_at IS NULL",
    [runnerId],
  );
}

/**
 * Runners that are there, and those that were lost within the last day: all of them, or those that work for one workspace.
 */
export async function listRunners(
  database: Database,
  { workspaceId = null }: { readonly workspaceId?: string | null } = {},
): Promise<RunnerView[]> {
  const { rows } = await database.pool.query<RunnerView>(
    `SELECT id, name, device, ops, slots, workspace_id AS "workspaceId", registered_at AS "registeredAt", last_seen_at AS "lastSeenAt",
       CASE WHEN last_seen_at < now() - make_interval(secs => $1) THEN 'lost'
            WHEN EXISTS (SELECT FROM step WHERE status = 'LEASED' AND lease_owner = runner.id) THEN 'busy'
            ELSE 'idle' END AS state
     FROM runner WHERE replaced_at IS NULL AND last_seen_at > now() - interval '1 day'
       AND ($2::text IS NULL OR workspace_id IS NULL OR workspace_id = $2) ORDER BY name, id`,
    [lostAfterSeconds, workspaceId],
  );
  return rows;
}
