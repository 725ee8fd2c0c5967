import { AppError, documentVersion, type Document } from "@heddle/core";
import { createWorkflow } from "@heddle/db";
import { z } from "zod";
import type { Api } from "../../api.ts";
import { readDocument } from "../../workflows/read-document.ts";
import { toWorkflowDetail } from "../../wire/workflow-detail.ts";
import { scopedProcedure } from "../init.ts";

/** Makes a workflow: empty, from a template, or from a document that somebody dropped. */
export const create = scopedProcedure("manage")
  .input(
    z.object({
      template: z.string().max(120).optional(),
      document: z.unknown().optional(),
      name: z.string().trim().min(1).max(120).optional(),
    }),
  )
  .mutation(async ({ ctx: { api, workspaceId }, input }) => {
    const start = startDocument(api, input);
    const document = input.name === undefined ? start : { ...start, name: input.name };
    const workflow = await createWorkflow(api.database, {
      workspaceId,
      name: document.name,
      document,
    });
    return toWorkflowDetail(api, workspaceId, workflow);
  });

function startDocument(
  api: Api,
  input: { template?: string | undefined; document?: unknown },
): Document {
  if (input.document !== undefined) return readDocument(api, input.document);
  if (input.template === undefined) return emptyDocument;
  const template = api.templates.find(({ slug }) => slug === input.template);
  if (template === undefined)
    throw new AppError("not_found", `There is no template ${input.template}`);
  return template.document;
}

const emptyDocument: Document = {
  heddle: documentVersion,
  name: "Untitled",
  description: "",
  nodes: {},
  edges: [],
  notes: [],
};
