import { describeWorkflow, workflowResultSchema } from "../workflows/describe-workflow.ts";
import { findVersion } from "../workflows/find-version.ts";
import type { PublicRoute } from "./route.ts";

export const getWorkflowRoute: PublicRoute = {
  method: "GET",
  path: "/api/v1/workflows/{owner}/{name}",
  access: "public",
  operation: {
    id: "getWorkflow",
    summary: "A published workflow",
    description: "`{name}` may carry a version: `portrait@3`.",
    answers: {
      200: {
        description: "What it takes, what it gives, what it made",
        schema: workflowResultSchema,
      },
    },
    problems: [404],
  },
  handle: async ({ api, params, origin }) => {
    const version = await findVersion(api, params["owner"] ?? "", params["name"] ?? "");
    return Response.json(await describeWorkflow(api, version, origin));
  },
};
