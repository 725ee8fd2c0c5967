import { requestCancel } from "@heddle/db";
import { findRun } from "../runs/wait-for-run.ts";
import { linkArtifacts } from "../wire/link-artifact.ts";
import { runResultSchema } from "../wire/run-result.ts";
import { toRunResult } from "../wire/to-run-result.ts";
import type { ScopedRoute } from "./route.ts";

export const cancelRunRoute: ScopedRoute = {
  method: "POST",
  path: "/api/v1/runs/{id}/cancel",
  access: ["run"],
  operation: {
    id: "cancelRun",
    summary: "Stop a run",
    description:
      "What has not started is cancelled at once, what runs is aborted. A run that has ended stays as it is.",
    answers: { 202: { description: "The run as it is now", schema: runResultSchema } },
    problems: [404],
  },
  handle: async ({ api, params, origin }, { workspaceId }) => {
    const key = { workspaceId, runId: params["id"] ?? "" };
    await requestCancel(api.database, key);
    const run = await findRun(api, key);
    return Response.json(toRunResult(run, { origin, link: linkArtifacts(api, origin) }), {
      status: 202,
    });
  },
};
