import { AppError } from "@heddle/core";
import {
  createRunnerToken,
  listRunnerTokens,
  localWorkspaceId,
  revokeRunnerToken,
  type CreatedRunnerToken,
  type RunnerTokenOwner,
} from "@heddle/db";
import type { Api } from "../api.ts";
import {
  toRunnerTokenResult,
  type CreateRunnerTokenBody,
  type RunnerTokenResult,
} from "../wire/runner-token.ts";

/** Makes a token. Throws AppError `forbidden` for one of the whole cluster, unless whoever runs the server asks. */
export function makeRunnerToken(
  api: Api,
  workspaceId: string,
  { name, scope }: CreateRunnerTokenBody,
): Promise<CreatedRunnerToken> {
  if (scope === "workspace") return createRunnerToken(api.database, { workspaceId, name });
  if (ownerOf(workspaceId).cluster)
    return createRunnerToken(api.database, { workspaceId: null, name });
  throw new AppError(
    "forbidden",
    'Only whoever runs this server makes tokens for the whole cluster; ask for the scope "workspace"',
  );
}

export async function showRunnerTokens(
  api: Api,
  workspaceId: string,
): Promise<RunnerTokenResult[]> {
  return (await listRunnerTokens(api.database, ownerOf(workspaceId))).map(toRunnerTokenResult);
}

/** Throws AppError `not_found`. */
export async function dropRunnerToken(api: Api, workspaceId: string, id: string): Promise<void> {
  if (!(await revokeRunnerToken(api.database, { ...ownerOf(workspaceId), id })))
    throw new AppError("not_found", `There is no runner token ${id}`);
}

/** The cluster belongs to the workspace of whoever runs the server. */
function ownerOf(workspaceId: string): RunnerTokenOwner {
  return { workspaceId, cluster: workspaceId === localWorkspaceId };
}
