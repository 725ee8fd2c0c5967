import { parseDocument } from "@heddle/core";
import { z } from "zod";
import { parseBody } from "../http/parse-body.ts";
import { readJson } from "../http/read-body.ts";
import { invalidRun } from "../runs/start-run.ts";
import { jsonBodyLimits } from "./json-body-limits.ts";
import { priorityField } from "./priority-field.ts";
import type { ScopedRoute } from "./route.ts";
import { startAndAnswer, startsRun } from "./start-and-answer.ts";

export const runDocumentBody = z
  .strictObject({
    document: z.unknown().meta({ description: "A Heddle document, as in `name.heddle.json`" }),
    input: z
      .record(z.string(), z.unknown())
      .default({})
      .meta({ description: "Value by input name" }),
    priority: priorityField,
    targets: z.array(z.string().max(64)).max(1000).optional().meta({
      description:
        "Names of outputs or ids of nodes: only what they need runs. Absent: every output",
    }),
  })
  .meta({ id: "RunDocumentBody" });

export const runDocumentRoute: ScopedRoute = {
  method: "POST",
  path: "/api/v1/runs",
  access: ["run"],
  operation: {
    id: "runDocument",
    summary: "Run a document that is not saved",
    body: { "application/json": runDocumentBody },
    ...startsRun,
  },
  handle: async (rest, { workspaceId }) => {
    const body = parseBody(runDocumentBody, await readJson(rest.request, jsonBodyLimits(rest.api)));
    const parsed = parseDocument(body.document, rest.api.limits);
    if (!parsed.ok) throw invalidRun(parsed.problems);
    return startAndAnswer(rest, {
      workspaceId,
      document: parsed.document,
      filesOf: workspaceId,
      input: body.input,
      priority: body.priority,
      targets: body.targets,
      body,
    });
  },
};
