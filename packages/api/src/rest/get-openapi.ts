import { buildOpenApi } from "../openapi/build-openapi.ts";
import type { PublicRoute } from "./route.ts";

export const getOpenApiRoute: PublicRoute = {
  method: "GET",
  path: "/api/v1/openapi.json",
  access: "public",
  operation: {
    id: "getOpenApi",
    summary: "OpenAPI 3.1 of this API",
    answers: { 200: { description: "The OpenAPI document", contentType: "application/json" } },
  },
  handle: async ({ api, origin, routes }) => Response.json(buildOpenApi({ api, origin, routes })),
};
