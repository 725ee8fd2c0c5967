import { describe, expect, it } from "vitest";
import { chainDocument } from "../overhead/bench-catalog.ts";
import { done, isOver, useParts } from "./use-parts.ts";

const parts = useParts();

describe("a run survives, and is done once, when", () => {
  it("the runner is killed in mid-task and starts again", async () => {
    await parts.startOrchestrator();
    const runner = await parts.startRunner();
    const runId = await parts.submit(chainDocument("runner", 6, 120));
    await parts.until(runId, done(2));
    await runner.kill();
    await parts.startRunner();
    await parts.expectWhole(runId);
  });

  it("the runner is killed and another one takes over when its leases have run out", async () => {
    await parts.startOrchestrator();
    const runner = await parts.startRunner();
    const runId = await parts.submit(chainDocument("other", 4, 120));
    await parts.until(runId, done(1));
    await runner.kill();
    await parts.startRunner({ name: "another" });
    await parts.expectWhole(runId);
  });

  it("the orchestrator is killed and starts again", async () => {
    const orchestrator = await parts.startOrchestrator();
    await parts.startRunner();
    const runId = await parts.submit(chainDocument("orchestrator", 6, 120));
    await parts.until(runId, done(2));
    await orchestrator.kill();
    await parts.startOrchestrator();
    await parts.expectWhole(runId);
  });

  it("the orchestrator is away while the run is submitted", async () => {
    const runId = await parts.submit(chainDocument("away", 3, 10));
    await parts.startRunner();
    await parts.startOrchestrator();
    await parts.expectWhole(runId);
  });

  it("orchestrator and runner are killed again and again", async () => {
    let orchestrator = await parts.startOrchestrator();
    let runner = await parts.startRunner();
    const runIds = await Promise.all(
      ["a", "b", "c"].map((name) => parts.submit(chainDocument(`both-${name}`, 8, 60))),
    );
    // Twice: a step that takes down three runners counts as poison.
    for (let count = 3; count <= 6; count += 3) {
      const first = runIds[0] ?? "";
      await parts.until(first, (run) => isOver(run) || done(count / 3)(run));
      await runner.kill();
      runner = await parts.startRunner();
      await orchestrator.kill();
      orchestrator = await parts.startOrchestrator();
    }
    await parts.expectWhole(...runIds);
  });

  it("the orchestrator that dispatches stands still, and another one dispatches within seconds", async () => {
    const stopped = await parts.startOrchestrator();
    const standby = await parts.startStandby();
    await parts.startRunner({ at: standby });
    const first = await parts.submit(chainDocument("before", 2, 20));
    await parts.until(first, isOver);
    stopped.child.kill("SIGSTOP");
    const second = await parts.submit(chainDocument("meanwhile", 3, 20));
    await parts.until(second, isOver);
    const { rows } = await parts.database.pool.query<{ url: string }>("SELECT url FROM dispatcher");
    expect(rows).toEqual([{ url: standby.url }]);
    stopped.child.kill("SIGCONT");
    const third = await parts.submit(chainDocument("after", 2, 20));
    await parts.expectWhole(first, second, third);
  });

  it("the orchestrator that dispatches is killed, and another one dispatches", async () => {
    const killed = await parts.startOrchestrator();
    const standby = await parts.startStandby();
    await parts.startRunner({ at: standby });
    const runId = await parts.submit(chainDocument("taken over", 6, 120));
    await parts.until(runId, done(1));
    await killed.kill();
    await parts.expectWhole(runId);
  });

  it("the runner stands still until its lease is over, and then goes on", async () => {
    await parts.startOrchestrator();
    const stopped = await parts.startRunner();
    const runId = await parts.submit(chainDocument("stopped", 2, 300));
    await parts.until(runId, (run) => run.steps.some(({ status }) => status === "LEASED"));
    stopped.child.kill("SIGSTOP");
    await parts.startRunner({ name: "another" });
    await parts.until(runId, done(1));
    stopped.child.kill("SIGCONT");
    await parts.expectWhole(runId);
    const { rows } = await parts.database.pool.query(
      "SELECT count(*)::int AS lost FROM step_attempt WHERE outcome = 'LOST'",
    );
    expect(rows[0].lost).toBeGreaterThan(0);
  });
});
