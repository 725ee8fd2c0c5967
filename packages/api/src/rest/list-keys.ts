import { listApiKeys } from "@heddle/db";
import { z } from "zod";
import { apiKeySchema, toKeyResult } from "../wire/api-key.ts";
import type { ScopedRoute } from "./route.ts";

export const listKeysRoute: ScopedRoute = {
  method: "GET",
  path: "/api/v1/keys",
  access: ["manage"],
  operation: {
    id: "listKeys",
    summary: "The API keys of this workspace",
    answers: {
      200: {
        description: "Newest first, without their secrets",
        schema: z.object({ keys: z.array(apiKeySchema) }),
      },
    },
  },
  handle: async ({ api }, { workspaceId }) => {
    const keys = await listApiKeys(api.database, { workspaceId });
    return Response.json({ keys: keys.map(toKeyResult) });
  },
};
