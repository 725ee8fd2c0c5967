import type { Task } from "@heddle/core";
import { readTraceparents, type Database } from "@heddle/db";
import { currentTraceparent, inSpan } from "@heddle/infra";

/** The traces of runs, as far as this orchestrator is a part of them. */
export interface RunTraces {
  /** Does something for a run as a part of its trace. */
  inRun(name: string, runId: string, work: () => Promise<void>): Promise<void>;
  /** Tells the runner of each task which span its own belong to. */
  leased(tasks: readonly Task[], runnerId: string): Promise<Task[]>;
}

/** `on` false: traces are not sent, and nothing is asked of the database. */
export function createRunTraces(database: Database, on: boolean): RunTraces {
  if (!on) return { inRun: (_name, _runId, work) => work(), leased: async (tasks) => [...tasks] };
  return {
    inRun: async (name, runId, work) => {
      const parent = (await readTraceparents(database, [runId])).get(runId);
      const attributes = { "heddle.run": runId };
      return parent === undefined ? work() : inSpan(name, { parent, attributes }, work);
    },
    leased: async (tasks, runnerId) => {
      if (tasks.length === 0) return [];
      const parents = await readTraceparents(
        database,
        tasks.map(({ runId }) => runId),
      );
      return Promise.all(
        tasks.map(async (task) => {
          const parent = parents.get(task.runId);
          return parent === undefined ? task : traced(task, parent, runnerId);
        }),
      );
    },
  };
}

function traced(task: Task, parent: string, runnerId: string): Promise<Task> {
  const attributes = {
    "heddle.run": task.runId,
    "heddle.step": task.stepId,
    "heddle.op": task.op,
    "heddle.runner": runnerId,
  };
  return inSpan("lease step", { parent, attributes }, async () => {
    const traceparent = currentTraceparent();
    return traceparent === undefined ? task : { ...task, traceparent };
  });
}
