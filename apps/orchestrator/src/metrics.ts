import type { WeightsLoad } from "@heddle/core";
import { readCluster, type Database } from "@heddle/db";
import { createRegistry } from "@heddle/infra";
import { Counter, Gauge, Histogram, type Registry } from "prom-client";

export interface Metrics {
  readonly registry: Registry;
  /** A runner handed in a result. */
  completed(outcome: "succeeded" | "failed" | "canceled" | "refused"): void;
  leased(tasks: number): void;
  loaded(load: WeightsLoad): void;
}

/** What this orchestrator does, and what every one of them sees in the database at the moment of asking. */
export function createMetrics(database: Database): Metrics {
  const registry = createRegistry("orchestrator");
  const registers = [registry];
  const completed = new Counter({
    name: "heddle_results_total",
    help: "Results that runners handed in here; refused: the lease was lost",
    labelNames: ["outcome"],
    registers,
  });
  const leased = new Counter({
    name: "heddle_leases_total",
    help: "Steps that were given to runners here",
    registers,
  });
  const loads = new Histogram({
    name: "heddle_weights_load_seconds",
    help: "Loads of weights on runners that report here, by the tier that they went to",
    labelNames: ["model", "tier"],
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100],
    registers,
  });
  watchCluster(database, registry);
  return {
    registry,
    completed: (outcome) => completed.inc({ outcome }),
    leased: (tasks) => leased.inc(tasks),
    loaded: ({ modelId, tier, ms }) => loads.observe({ model: modelId, tier }, ms / 1000),
  };
}

/** Read when somebody asks, so that nothing is counted twice and nothing is lost with a process. */
function watchCluster(database: Database, registry: Registry): void {
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: string[]) =>
    new Gauge({ name: `heddle_${name}`, help, labelNames, registers });
  const steps = gauge("steps", "Steps that wait for a runner or are under way", [
    "op",
    "model",
    "state",
  ]);
  const oldest = gauge("oldest_wait_seconds", "Since the longest waiting step became ready", [
    "op",
    "model",
  ]);
  const runners = gauge("runners", "Runners by what they do", ["state"]);
  const busy = gauge("runner_busy_ratio", "Part of the last 15 minutes with a task", ["runner"]);
  const resident = gauge("runner_resident_bytes", "Weights that a runner holds", [
    "runner",
    "model",
    "tier",
  ]);
  const all = [steps, oldest, runners, busy, resident];
  new Gauge({
    name: "heddle_database_up",
    help: "Whether the database answered, and the gauges beside this one are of now",
    registers,
    async collect() {
      for (const each of all) each.reset();
      try {
        const cluster = await readCluster(database);
        for (const { op, modelId, waiting, running, oldestAt } of cluster.queues) {
          const labels = { op, model: modelId ?? "" };
          steps.set({ ...labels, state: "waiting" }, waiting);
          steps.set({ ...labels, state: "running" }, running);
          if (oldestAt !== null) oldest.set(labels, (Date.now() - oldestAt.getTime()) / 1000);
        }
        for (const runner of cluster.runners) {
          runners.inc({ state: runner.state });
          busy.set({ runner: runner.name }, runner.busy);
          for (const { modelId, tier, sizeBytes } of runner.resident)
            resident.inc({ runner: runner.name, model: modelId, tier }, sizeBytes);
        }
        this.set(1);
      } catch {
        this.set(0);
      }
    },
  });
}
