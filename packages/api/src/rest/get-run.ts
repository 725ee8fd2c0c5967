import { findRun } from "../runs/wait-for-run.ts";
import { linkArtifacts } from "../wire/link-artifact.ts";
import { runResultSchema } from "../wire/run-result.ts";
import { toRunResult } from "../wire/to-run-result.ts";
import type { ScopedRoute } from "./route.ts";

export const getRunRoute: ScopedRoute = {
  method: "GET",
  path: "/api/v1/runs/{id}",
  access: ["read", "run"],
  operation: {
    id: "getRun",
    summary: "A run as it is now",
    answers: { 200: { description: "The run", schema: runResultSchema } },
    problems: [404],
  },
  handle: async ({ api, params, origin }, { workspaceId }) => {
    const run = await findRun(api, { workspaceId, runId: params["id"] ?? "" });
    return Response.json(toRunResult(run, { origin, link: linkArtifacts(api, origin) }));
  },
};
