import { inputJsonSchema } from "@heddle/catalog";
import { compile, describeInterface, describePort } from "@heddle/core";
import type { VersionView } from "@heddle/db";
import { z } from "zod";
import type { Api } from "../api.ts";
import { linkArtifacts } from "../wire/link-artifact.ts";
import { outputItemSchema } from "../wire/run-result.ts";
import { toOutputItems } from "../wire/to-run-result.ts";
import { findExamples } from "./find-examples.ts";

/** A published workflow as the REST API describes it. */
export const workflowResultSchema = z
  .object({
    owner: z.string(),
    name: z.string().meta({ description: "The name in links" }),
    version: z.number().int(),
    latestVersion: z.number().int(),
    title: z.string(),
    description: z.string(),
    publishedAt: z.string().meta({ format: "date-time" }),
    inputs: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        type: z.string().meta({ description: "`image`, `text`, `list of image`, …" }),
        required: z.boolean(),
        schema: z.record(z.string(), z.unknown()).meta({ description: "JSON Schema of its value" }),
      }),
    ),
    outputs: z.array(z.object({ name: z.string(), label: z.string(), type: z.string() })),
    estimate: z.object({ deviceMs: z.number(), costUsd: z.number() }),
    examples: z.array(
      z.object({
        outputs: z.record(z.string(), z.array(outputItemSchema)),
        createdAt: z.string().meta({ format: "date-time" }),
      }),
    ),
    urls: z.object({ run: z.string(), openapi: z.string(), page: z.string() }),
  })
  .meta({
    id: "Workflow",
    description: "A published workflow: what it takes, what it gives, what it made",
  });
export type WorkflowResult = z.infer<typeof workflowResultSchema>;

export async function describeWorkflow(
  api: Api,
  version: VersionView,
  origin: string,
): Promise<WorkflowResult> {
  const { document } = version;
  const { inputs, outputs } = describeInterface(document, api.catalog);
  const compiled = compile(document, api.catalog, {
    requireInputs: false,
    limits: api.limits,
    randomSeed: () => api.randomSeed(),
  });
  const examples = await findExamples(api, version);
  const path = `${version.ownerSlug}/${version.slug}`;
  const self = `${origin}/api/v1/workflows/${path}@${version.number}`;
  return {
    owner: version.ownerSlug,
    name: version.slug,
    version: version.number,
    latestVersion: version.latestNumber,
    title: document.name,
    description: document.description,
    publishedAt: version.publishedAt.toISOString(),
    inputs: inputs.map(({ name, label, field, required }) => ({
      name,
      label,
      type: describePort(field.type),
      required,
      schema: inputJsonSchema(field),
    })),
    outputs: outputs.map(({ name, label, type }) => ({ name, label, type: describePort(type) })),
    estimate: compiled.ok ? compiled.plan.estimate : { deviceMs: 0, costUsd: 0 },
    examples: examples.map((run) => ({
      outputs: Object.fromEntries(
        Object.entries(run.outputs).map(([name, value]) => [
          name,
          toOutputItems(value, linkArtifacts(api, origin)),
        ]),
      ),
      createdAt: run.createdAt.toISOString(),
    })),
    urls: { run: `${self}/runs`, openapi: `${self}/openapi.json`, page: `${origin}/w/${path}` },
  };
}
