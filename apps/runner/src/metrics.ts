import type { Task, TaskResult } from "@heddle/core";
import { createRegistry } from "@heddle/infra";
import { Counter, Gauge, type Registry } from "prom-client";
import type { Weights } from "./weights/create-weights.ts";

export interface RunnerMetrics {
  readonly registry: Registry;
  readonly done: (task: Pick<Task, "op">, result: TaskResult) => void;
}

/** What this runner has done and holds. */
export function createRunnerMetrics(weights: Pick<Weights, "resident">): RunnerMetrics {
  const registry = createRegistry("runner");
  const registers = [registry];
  const tasks = new Counter({
    name: "heddle_tasks_total",
    help: "Tasks that ended here",
    labelNames: ["op", "status"],
    registers,
  });
  const seconds = new Counter({
    name: "heddle_task_seconds_total",
    help: "Time in which tasks that succeeded loaded weights, and computed; what is shared counts once",
    labelNames: ["op", "phase"],
    registers,
  });
  new Gauge({
    name: "heddle_weights_bytes",
    help: "Weights that are held, by tier",
    labelNames: ["model", "tier"],
    registers,
    collect() {
      this.reset();
      for (const { modelId, tier, sizeBytes } of weights.resident())
        this.inc({ model: modelId, tier }, sizeBytes);
    },
  });
  return {
    registry,
    done: ({ op }, result) => {
      tasks.inc({ op, status: result.status });
      if (result.status !== "succeeded") return;
      seconds.inc({ op, phase: "loading" }, result.loadMs / 1000);
      seconds.inc({ op, phase: "computing" }, result.deviceMs / 1000);
    },
  };
}
