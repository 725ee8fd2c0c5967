import { decideStep, type RunKey, type RunView } from "@heddle/db";
import type { Api } from "../api.ts";
import { ringAll } from "./ring-all.ts";
import { findRun } from "./wait-for-run.ts";

/** What a person says to a step that waits for it; gives the run as it is then. Throws as `decideStep` does. */
export async function decide(
  api: Api,
  key: RunKey,
  decision: { readonly stepId: string; readonly approve: boolean },
): Promise<RunView> {
  const { database, catalog, limits } = api;
  const { wake } = await decideStep(database, { ...key, ...decision, catalog, limits });
  await ringAll(api, wake);
  return findRun(api, key);
}
