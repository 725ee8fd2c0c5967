import { AppError } from "@heddle/core";
import { getVersion, type VersionView } from "@heddle/db";
import type { Api } from "../api.ts";
import { parseWorkflowName } from "./workflow-name.ts";

/** A published version by `{owner}` and `{name}[@version]`. Throws AppError `not_found`. */
export async function findVersion(
  api: Api,
  owner: string,
  nameAndVersion: string,
): Promise<VersionView> {
  const wanted = parseWorkflowName(nameAndVersion);
  const version = await getVersion(api.database, { ownerSlug: owner, ...wanted });
  if (version === null) {
    const which = wanted.number === undefined ? "" : ` with a version ${wanted.number}`;
    throw new AppError(
      "not_found",
      `There is no published workflow ${owner}/${wanted.name}${which}`,
    );
  }
  return version;
}
