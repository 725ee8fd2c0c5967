import type { ScopedRoute } from "./route.ts";

export const getMetricsRoute: ScopedRoute = {
  method: "GET",
  path: "/metrics",
  access: ["read"],
  operation: {
    id: "getMetrics",
    summary: "Metrics of this web process, for Prometheus",
    answers: { 200: { description: "The text format of Prometheus", contentType: "text/plain" } },
  },
  handle: async ({ api }) => {
    const { registry } = api.metrics;
    return new Response(await registry.metrics(), {
      headers: { "content-type": registry.contentType },
    });
  },
};
