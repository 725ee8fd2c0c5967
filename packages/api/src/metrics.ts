import { createRegistry } from "@heddle/infra";
import { Histogram, type Registry } from "prom-client";

export interface ApiMetrics {
  readonly registry: Registry;
  /** `route`: the template of the path, so that there are few. */
  answered(request: { readonly method: string; readonly route: string }, facts: Answered): void;
}

export interface Answered {
  readonly status: number;
  readonly ms: number;
}

/** What this web process answers. */
export function createApiMetrics(): ApiMetrics {
  const registry = createRegistry("web");
  const seconds = new Histogram({
    name: "heddle_http_request_seconds",
    help: "Until the head of the answer; what is streamed after it does not count",
    labelNames: ["method", "route", "status"],
    buckets: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers: [registry],
  });
  return {
    registry,
    answered: (request, { status, ms }) =>
      seconds.observe({ ...request, status: String(status) }, ms / 1000),
  };
}
