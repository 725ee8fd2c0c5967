import { z } from "zod";
import { parseBody } from "../http/parse-body.ts";
import { readJson } from "../http/read-body.ts";
import { findVersion } from "../workflows/find-version.ts";
import { jsonBodyLimits } from "./json-body-limits.ts";
import { priorityField } from "./priority-field.ts";
import type { ScopedRoute } from "./route.ts";
import { startAndAnswer, startsRun } from "./start-and-answer.ts";

export const runWorkflowBody = z
  .strictObject({
    input: z.record(z.string(), z.unknown()).default({}).meta({
      description:
        'Value by input name. Files: an https URL, a data URI, the `url` of an upload, or `{"sha256": …}` of a stored file',
    }),
    priority: priorityField,
  })
  .meta({ id: "RunWorkflowBody" });

export const runWorkflowRoute: ScopedRoute = {
  method: "POST",
  path: "/api/v1/workflows/{owner}/{name}/runs",
  access: ["run"],
  operation: {
    id: "runWorkflow",
    summary: "Run a published workflow",
    description: "`{name}` may carry a version: `portrait@3`. Without one the newest runs.",
    body: { "application/json": runWorkflowBody },
    ...startsRun,
  },
  handle: async (rest, { workspaceId }) => {
    const { api, request, params } = rest;
    const version = await findVersion(api, params["owner"] ?? "", params["name"] ?? "");
    const body = parseBody(runWorkflowBody, await readJson(request, jsonBodyLimits(api)));
    return startAndAnswer(rest, {
      workspaceId,
      document: version.document,
      filesOf: version.workspaceId,
      input: body.input,
      priority: body.priority,
      // The count of runs and their list belong to whoever owns the workflow.
      workflowId: version.workspaceId === workspaceId ? version.workflowId : undefined,
      versionId: version.id,
      body,
    });
  },
};
