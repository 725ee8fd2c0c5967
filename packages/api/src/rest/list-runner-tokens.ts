import { z } from "zod";
import { showRunnerTokens } from "../runners/runner-tokens.ts";
import { runnerTokenSchema } from "../wire/runner-token.ts";
import type { ScopedRoute } from "./route.ts";

export const listRunnerTokensRoute: ScopedRoute = {
  method: "GET",
  path: "/api/v1/runner-tokens",
  access: ["manage"],
  operation: {
    id: "listRunnerTokens",
    summary: "The runner tokens of this workspace",
    answers: {
      200: {
        description: "Newest first, without their secrets",
        schema: z.object({ tokens: z.array(runnerTokenSchema) }),
      },
    },
  },
  handle: async ({ api }, { workspaceId }) =>
    Response.json({ tokens: await showRunnerTokens(api, workspaceId) }),
};
