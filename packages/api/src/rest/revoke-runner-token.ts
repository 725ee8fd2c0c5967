import { dropRunnerToken } from "../runners/runner-tokens.ts";
import type { ScopedRoute } from "./route.ts";

export const revokeRunnerTokenRoute: ScopedRoute = {
  method: "DELETE",
  path: "/api/v1/runner-tokens/{id}",
  access: ["manage"],
  operation: {
    id: "revokeRunnerToken",
    summary: "Revoke a runner token",
    answers: { 204: { description: "Its runners are refused from now on" } },
    problems: [404],
  },
  handle: async ({ api, params }, { workspaceId }) => {
    await dropRunnerToken(api, workspaceId, params["id"] ?? "");
    return new Response(null, { status: 204 });
  },
};
