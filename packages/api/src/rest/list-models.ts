import { models } from "@heddle/catalog";
import { mediaTypes, sha256Schema } from "@heddle/core";
import { z } from "zod";
import type { Api } from "../api.ts";
import type { PublicRoute } from "./route.ts";

const modelSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    help: z.string(),
    makes: z.enum(mediaTypes),
    source: z.string().meta({ description: "Who trained it; `house` is this project" }),
    licence: z.string().meta({ description: "SPDX identifier" }),
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
    answers: {
      200: { description: "By id", schema: z.object({ models: z.array(modelSchema) }) },
    },
  },
  handle: async ({ api }) => Response.json({ models: listModels(api) }),
};

function listModels({ catalog }: Api): z.infer<typeof modelSchema>[] {
  const uses = [...catalog.values()].flatMap(({ type, work }) =>
    work.kind === "op" && work.model !== undefined ? [{ type, id: work.model.id }] : [],
  );
  return [...models.values()]
    .map((model) => ({
      ...model,
      nodeTypes: uses.filter(({ id }) => id === model.id).map(({ type }) => type),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
