import type { Api } from "../api.ts";

/** Lets runs go on that waited for another one. A ring that is lost only delays: the sweeper finds them too. */
export async function ringAll(api: Api, runIds: readonly string[]): Promise<void> {
  for (const runId of runIds) {
    await api.doorbell
      .ring(runId)
      .catch((error: unknown) => api.log.warn({ err: error, runId }, "a run could not be rung"));
  }
}
