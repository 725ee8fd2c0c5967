import type { Database } from "./database.ts";
import { newId } from "./new-id.ts";
import { isSecretText, makeSecretText, secretHash } from "./secret-text.ts";

const prefix = "hdl_run_";

/** Whether text has the form of a runner token. */
export function isRunnerToken(text: string): boolean {
  return isSecretText(prefix, text);
}

export interface RunnerTokenView {
  readonly id: string;
  /** Its runners work for this workspace only; null: for the whole cluster. */
  readonly workspaceId: string | null;
  readonly name: string;
  readonly lastFour: string;
  readonly createdAt: Date;
  /** Exact to the minute. */
  readonly lastUsedAt: Date | null;
  /** Runners that are connected with it. */
  readonly runners: number;
}

/** Whose tokens somebody may see and revoke. */
export interface RunnerTokenOwner {
  readonly workspaceId: string;
  /** Also those of the whole cluster. */
  readonly cluster: boolean;
}

export interface CreateRunnerTokenOptions {
  /** Null: the whole cluster. */
  readonly workspaceId: string | null;
  readonly name: string;
}

/** The token as its owner sees it, this once: `hdl_run_`, 30 random characters, and 6 of their CRC32. */
export interface CreatedRunnerToken {
  readonly id: string;
  readonly token: string;
  readonly lastFour: string;
}

/** Makes a token. Only its SHA-256 is kept. */
export async function createRunnerToken(
  database: Database,
  { workspaceId, name }: CreateRunnerTokenOptions,
): Promise<CreatedRunnerToken> {
  const token = makeSecretText(prefix);
  const created = { id: newId("rtk"), lastFour: token.slice(-4) };
  await database.prisma.runnerToken.create({
    data: { ...created, workspaceId, name, sha256: secretHash(token) },
  });
  return { ...created, token };
}

/** Who a runner is: its token, and the workspace that this is good for. Null for both: the server's own runner. */
export interface RunnerIdentity {
  readonly tokenId: string | null;
  readonly workspaceId: string | null;
}

/** Whose token has this SHA-256 (hex), unless it was revoked; notes that it was used. One round trip: every call of a runner asks. */
export async function findRunnerToken(
  database: Database,
  sha256: string,
): Promise<RunnerIdentity | null> {
  const { rows } = await database.pool.query<RunnerIdentity>({
    name: "find_runner_token",
    text: `
      WITH found AS (
        SELECT id, workspace_id, last_used_at FROM runner_token WHERE sha256 = $1 AND revoked_at IS NULL
      ), used AS (
        UPDATE runner_token t SET last_used_at = now() FROM found
        WHERE t.id = found.id AND (found.last_used_at IS NULL OR found.last_used_at < now() - interval '1 minute')
      )
      SELECT id AS "tokenId", workspace_id AS "workspaceId" FROM found`,
    values: [sha256],
  });
  return rows[0] ?? null;
}

/** Newest first; revoked ones are not listed. */
export async function listRunnerTokens(
  database: Database,
  { workspaceId, cluster }: RunnerTokenOwner,
): Promise<RunnerTokenView[]> {
  const { rows } = await database.pool.query<RunnerTokenView>(
    `SELECT id, workspace_id AS "workspaceId", name, last_four AS "lastFour", created_at AS "createdAt",
       last_used_at AS "lastUsedAt",
       (SELECT count(*)::int FROM runner r WHERE r.token_id = t.id AND r.replaced_at IS NULL
          AND r.last_seen_at > now() - interval '1 minute') AS runners
     FROM runner_token t WHERE revoked_at IS NULL AND (workspace_id = $1 OR ($2 AND workspace_id IS NULL))
     ORDER BY created_at DESC, id`,
    [workspaceId, cluster],
  );
  return rows;
}

export interface RevokeRunnerTokenOptions extends RunnerTokenOwner {
  readonly id: string;
}

/**
 * Whether there was such a token. From now on it is refused; its runners are gone, and what they had leased is free for
 * others as soon as the next sweep sees it.
 */
export async function revokeRunnerToken(
  database: Database,
  { id, workspaceId, cluster }: RevokeRunnerTokenOptions,
): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `WITH revoked AS (
       UPDATE runner_token SET revoked_at = now()
       WHERE id = $1 AND revoked_at IS NULL AND (workspace_id = $2 OR ($3 AND workspace_id IS NULL)) RETURNING id
     ), lives AS (
       SELECT id FROM runner WHERE token_id IN (SELECT id FROM revoked)
     ), gone AS (
       UPDATE runner SET replaced_at = now() WHERE id IN (SELECT id FROM lives) AND replaced_at IS NULL
     ), freed AS (
       UPDATE step SET lease_expires_at = now() WHERE id IN (
         SELECT id FROM step WHERE status = 'LEASED' AND lease_owner IN (SELECT id FROM lives) FOR UPDATE SKIP LOCKED)
     )
     SELECT id FROM revoked`,
    [id, workspaceId, cluster],
  );
  return rowCount === 1;
}
