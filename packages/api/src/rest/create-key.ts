import { createApiKey } from "@heddle/db";
import { parseBody } from "../http/parse-body.ts";
import { readJson } from "../http/read-body.ts";
import { createApiKeyBody, createdApiKeySchema } from "../wire/api-key.ts";
import type { ScopedRoute } from "./route.ts";

export const createKeyRoute: ScopedRoute = {
  method: "POST",
  path: "/api/v1/keys",
  access: ["manage"],
  operation: {
    id: "createKey",
    summary: "Make an API key",
    body: { "application/json": createApiKeyBody },
    answers: {
      201: { description: "The key; it is shown this once", schema: createdApiKeySchema },
    },
    problems: [400, 415, 422],
  },
  handle: async ({ api, request }, { workspaceId }) => {
    const body = parseBody(
      createApiKeyBody,
      await readJson(request, { maxBytes: 10_000, maxDepth: 4 }),
    );
    const { id, key, lastFour } = await createApiKey(api.database, { workspaceId, ...body });
    return Response.json({ id, key, lastFour }, { status: 201 });
  },
};
