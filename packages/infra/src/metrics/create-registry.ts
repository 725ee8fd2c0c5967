import { collectDefaultMetrics, Registry } from "prom-client";

/** The metrics of one process for Prometheus, with those that every Node process has: memory, event loop, collections. */
export function createRegistry(app: "web" | "orchestrator" | "runner"): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ app });
  collectDefaultMetrics({ register: registry });
  return registry;
}
