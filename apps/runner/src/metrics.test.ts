import { expect, it } from "vitest";
import { createRunnerMetrics } from "./metrics.ts";

it("counts tasks, their seconds, and the weights that are held at the moment of asking", async () => {
  const held = { modelId: "m", sha256: "a".repeat(64), sizeBytes: 5, tier: "ram" } as const;
  let resident = [held, { ...held, sha256: "b".repeat(64) }];
  const { registry, done } = createRunnerMetrics({ resident: () => resident });
  done({ op: "work" }, { status: "succeeded", outputs: {}, loadMs: 500, deviceMs: 2_000 });
  done({ op: "work" }, { status: "canceled" });
  const text = await registry.metrics();
  expect(text).toContain('heddle_tasks_total{op="work",status="succeeded",app="runner"} 1');
  expect(text).toContain('heddle_tasks_total{op="work",status="canceled",app="runner"} 1');
  expect(text).toContain('heddle_task_seconds_total{op="work",phase="loading",app="runner"} 0.5');
  expect(text).toContain('heddle_task_seconds_total{op="work",phase="computing",app="runner"} 2');
  expect(text).toContain('heddle_weights_bytes{model="m",tier="ram",app="runner"} 10');
  resident = [];
  expect(await registry.metrics()).not.toContain("heddle_weights_bytes{");
});
