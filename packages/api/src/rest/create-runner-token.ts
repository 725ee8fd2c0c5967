import { parseBody } from "../http/parse-body.ts";
import { readJson } from "../http/read-body.ts";
import { makeRunnerToken } from "../runners/runner-tokens.ts";
import { createdRunnerTokenSchema, createRunnerTokenBody } from "../wire/runner-token.ts";
import type { ScopedRoute } from "./route.ts";

export const createRunnerTokenRoute: ScopedRoute = {
  method: "POST",
  path: "/api/v1/runner-tokens",
  access: ["manage"],
  operation: {
    id: "createRunnerToken",
    summary: "Make a token with which a runner of another machine joins",
    body: { "application/json": createRunnerTokenBody },
    answers: {
      201: { description: "The token; it is shown this once", schema: createdRunnerTokenSchema },
    },
    problems: [400, 403, 415, 422],
  },
  handle: async ({ api, request }, { workspaceId }) => {
    const body = parseBody(
      createRunnerTokenBody,
      await readJson(request, { maxBytes: 10_000, maxDepth: 4 }),
    );
    return Response.json(await makeRunnerToken(api, workspaceId, body), { status: 201 });
  },
};
