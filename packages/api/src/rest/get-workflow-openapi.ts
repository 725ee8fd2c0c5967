import { buildWorkflowOpenApi } from "../openapi/build-workflow-openapi.ts";
import { findExamples } from "../workflows/find-examples.ts";
import { findVersion } from "../workflows/find-version.ts";
import { cancelRunRoute } from "./cancel-run.ts";
import { createUploadRoute } from "./create-upload.ts";
import { getRunRoute } from "./get-run.ts";
import { receiveUploadRoute } from "./receive-upload.ts";
import type { PublicRoute } from "./route.ts";
import { runWorkflowRoute } from "./run-workflow.ts";
import { streamRunEventsRoute } from "./stream-run-events.ts";

export const getWorkflowOpenApiRoute: PublicRoute = {
  method: "GET",
  path: "/api/v1/workflows/{owner}/{name}/openapi.json",
  access: "public",
  operation: {
    id: "getWorkflowOpenApi",
    summary: "OpenAPI 3.1 of one published workflow, with its typed input and outputs",
    answers: { 200: { description: "The OpenAPI document", contentType: "application/json" } },
    problems: [404],
  },
  handle: async ({ api, params, origin }) => {
    const name = params["name"] ?? "";
    const version = await findVersion(api, params["owner"] ?? "", name);
    const openapi = buildWorkflowOpenApi({
      api,
      origin,
      version,
      name,
      runRoute: runWorkflowRoute,
      routes: [
        getRunRoute,
        streamRunEventsRoute,
        cancelRunRoute,
        createUploadRoute,
        receiveUploadRoute,
      ],
      examples: await findExamples(api, version),
    });
    return Response.json(openapi);
  },
};
