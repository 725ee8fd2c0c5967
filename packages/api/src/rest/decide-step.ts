import { decide } from "../runs/decide.ts";
import { linkArtifacts } from "../wire/link-artifact.ts";
import { runResultSchema } from "../wire/run-result.ts";
import { toRunResult } from "../wire/to-run-result.ts";
import type { ScopedRoute } from "./route.ts";

const once =
  "The first decision counts: the same one again changes nothing, another one is a conflict. `step` is the `nodeId` of a step whose status is WAITING.";

export const approveStepRoute: ScopedRoute = {
  method: "POST",
  path: "/api/v1/runs/{id}/steps/{step}/approve",
  access: ["run"],
  operation: {
    id: "approveStep",
    summary: "Approve what a run waits for",
    description: `The step hands on what came in, and the run goes on. ${once}`,
    answers: { 200: { description: "The run as it is now", schema: runResultSchema } },
    problems: [404, 409],
  },
  handle: decideHandler(true),
};

export const declineStepRoute: ScopedRoute = {
  method: "POST",
  path: "/api/v1/runs/{id}/steps/{step}/decline",
  access: ["run"],
  operation: {
    id: "declineStep",
    summary: "Decline what a run waits for",
    description: `The step fails with the code \`not_approved\`, and what needs it does not run. ${once}`,
    answers: { 200: { description: "The run as it is now", schema: runResultSchema } },
    problems: [404, 409],
  },
  handle: decideHandler(false),
};

function decideHandler(approve: boolean): ScopedRoute["handle"] {
  return async ({ api, params, origin }, { workspaceId }) => {
    const key = { workspaceId, runId: params["id"] ?? "" };
    const run = await decide(api, key, { stepId: params["step"] ?? "", approve });
    return Response.json(toRunResult(run, { origin, link: linkArtifacts(api, origin) }));
  };
}
