import type { Database } from "./database.ts";
import { newId } from "./new-id.ts";
import { isSecretText, makeSecretText, secretHash } from "./secret-text.ts";

const prefix = "hdl_live_";

/** Whether text has the form of an API key. */
export function isApiKey(text: string): boolean {
  return isSecretText(prefix, text);
}

/** What an API key may do. */
export const apiKeyScopes = ["run", "read", "manage"] as const;
export type ApiKeyScope = (typeof apiKeyScopes)[number];

export interface ApiKeyView {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly lastFour: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly createdAt: Date;
  /** Exact to the minute. */
  readonly lastUsedAt: Date | null;
}

export interface CreateApiKeyOptions {
  readonly workspaceId: string;
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
}

/** The key as its owner sees it, this once: `hdl_live_`, 30 random characters, and 6 of their CRC32. */
export interface CreatedApiKey {
  readonly id: string;
  readonly key: string;
  readonly lastFour: string;
}

/** Makes a key. Only its SHA-256 is kept: it has 178 bits of entropy, so a slow hash would add nothing. */
export async function createApiKey(
  database: Database,
  options: CreateApiKeyOptions,
): Promise<CreatedApiKey> {
  const key = makeSecretText(prefix);
  const created = { id: newId("key"), lastFour: key.slice(-4) };
  await database.prisma.apiKey.create({
    data: {
      ...created,
      workspaceId: options.workspaceId,
      name: options.name,
      scopes: [...options.scopes],
      sha256: secretHash(key),
    },
  });
  return { ...created, key };
}

/** The key with this SHA-256 (hex), unless it was revoked; notes that it was used. */
export async function findApiKey(database: Database, sha256: string): Promise<ApiKeyView | null> {
  const row = await database.prisma.apiKey.findFirst({ where: { sha256, revokedAt: null } });
  if (row === null) return null;
  // Once a minute is enough to tell an idle key, and keeps a busy one from writing its row at every request.
  await database.prisma.$executeRaw`
    UPDATE api_key SET last_used_at = now()
    WHERE id = ${row.id} AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`;
  return toView(row);
}

/** Newest first; revoked keys are not listed. */
export async function listApiKeys(
  database: Database,
  options: { workspaceId: string },
): Promise<ApiKeyView[]> {
  const rows = await database.prisma.apiKey.findMany({
    where: { workspaceId: options.workspaceId, revokedAt: null },
    orderBy: [{ createdAt: "desc" }, { id: "asc" }],
  });
  return rows.map(toView);
}

/** Whether there was such a key; from now on it is refused. */
export async function revokeApiKey(
  database: Database,
  options: { readonly workspaceId: string; readonly id: string },
): Promise<boolean> {
  const count = await database.prisma.$executeRaw`
    UPDATE api_key SET revoked_at = now()
    WHERE id = ${options.id} AND workspace_id = ${options.workspaceId} AND revoked_at IS NULL`;
  return count === 1;
}

type ApiKeyRow = Omit<ApiKeyView, "scopes"> & { readonly scopes: readonly string[] };

function toView(row: ApiKeyRow): ApiKeyView {
  const { id, workspaceId, name, lastFour, createdAt, lastUsedAt } = row;
  const scopes = apiKeyScopes.filter((scope) => row.scopes.includes(scope));
  return { id, workspaceId, name, lastFour, scopes, createdAt, lastUsedAt };
}
