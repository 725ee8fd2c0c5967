import { sha256Schema } from "@heddle/core";
import { z } from "zod";
import type { Api } from "../api.ts";
import type { PublicRoute } from "./route.ts";

const modelSchema = z
  .object({
    id: z.string(),
    sha256: sha256Schema,
    sizeBytes: z.number().int(),
    nodeTypes: z.array(z.string()).meta({ description: "Node types that use it" }),
  })
  .meta({ id: "Model", description: "Weights that runners load" });

export const listModelsRoute: PublicRoute = {
  method: "GET",
  path: "/api/v1/models",
  access: "public",
  operation: {
    id: "listModels",
    summary: "The models that workflows can use",
    answers: { 200: { description: "By id", schema: z.object({ models: z.array(modelSchema) }) } },
  },
  handle: async ({ api }) => Response.json({ models: listModels(api) }),
};

function listModels({ catalog }: Api): z.infer<typeof modelSchema>[] {
  const models = new Map<string, z.infer<typeof modelSchema>>();
  for (const { type, work } of catalog.values()) {
    if (work.kind !== "op" || work.model === undefined) continue;
    const { id, sha256, sizeBytes } = work.model;
    const nodeTypes = [...(models.get(id)?.nodeTypes ?? []), type];
    models.set(id, { id, sha256, sizeBytes, nodeTypes });
  }
  return [...models.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
