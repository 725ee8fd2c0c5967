import { AppError } from "@heddle/core";
import { revokeApiKey } from "@heddle/db";
import type { ScopedRoute } from "./route.ts";

export const revokeKeyRoute: ScopedRoute = {
  method: "DELETE",
  path: "/api/v1/keys/{id}",
  access: ["manage"],
  operation: {
    id: "revokeKey",
    summary: "Revoke an API key",
    answers: { 204: { description: "It is refused from now on" } },
    problems: [404],
  },
  handle: async ({ api, params }, { workspaceId }) => {
    if (!(await revokeApiKey(api.database, { workspaceId, id: params["id"] ?? "" }))) {
      throw new AppError("not_found", `There is no key ${params["id"]}`);
    }
    return new Response(null, { status: 204 });
  },
};
