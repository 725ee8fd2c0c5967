import type { Document, Task, TaskResult } from "@heddle/core";
import type { Database } from "../database.ts";
import { advanceRun } from "../engine/advance-run.ts";
import type { ChooseNext } from "../engine/next-leases.ts";
import { claimOldest } from "./claim-oldest.ts";
import { completeTasks } from "../engine/complete-tasks.ts";
import { sweep } from "../engine/sweep.ts";
import { getRun } from "../runs/get-run.ts";
import type { RunView } from "../runs/run-view.ts";
import { submitRun, type SubmitRunOptions } from "../runs/submit-run.ts";
import { localWorkspaceId } from "../workspaces.ts";
import { testCatalog, testPlan, textOf } from "./test-catalog.ts";

const catalog = testCatalog;

/** Submits and answers the doorbell. Returns the run's id. */
export async function start(
  database: Database,
  document: Document,
  options: Partial<SubmitRunOptions> = {},
) {
  const { runId } = await submit(database, document, options);
  await advance(database, runId);
  return runId;
}

export function submit(
  database: Database,
  document: Document,
  options: Partial<SubmitRunOptions> = {},
) {
  const base = {
    workspaceId: localWorkspaceId,
    plan: testPlan(document),
    document,
    input: {},
    deadlineSeconds: 3600,
  };
  return submitRun(database, { ...base, ...options });
}

/** Advances the run, and those that it wakes. */
export async function advance(database: Database, runId: string): Promise<void> {
  const { wake } = await advanceRun(database, { runId, catalog });
  for (const other of wake) await advance(database, other);
}

export async function claim(database: Database, limit = 1, runnerId = "rnr_test"): Promise<Task[]> {
  return claimOldest(database, { runnerId, ops: ["work"], limit, leaseMs: 30_000 });
}

export async function claimOne(database: Database, runnerId = "rnr_test"): Promise<Task> {
  const [task] = await claim(database, 1, runnerId);
  if (task === undefined) throw new Error("Nothing to claim");
  return task;
}

/** What the op `work` makes: its name, and what flows in, in brackets. */
export function workResult(task: Task, deviceMs = 10): TaskResult {
  const parts = [task.inputs["in"], task.inputs["more"]];
  const given = parts.flatMap((value) => (value?.media === "text" ? [value.text] : [])).join("+");
  const text = `${textOf(task.params["name"])}(${given})`;
  return { status: "succeeded", outputs: { out: { media: "text", text } }, loadMs: 1, deviceMs };
}

export async function complete(
  database: Database,
  task: Task,
  result: TaskResult = workResult(task),
  runnerId = "rnr_test",
): Promise<boolean> {
  const completion = { runnerId, taskId: task.taskId, epoch: task.epoch, result };
  const { accepted, wake } = await completeTasks(database, {
    runId: task.runId,
    completions: [completion],
    catalog,
  });
  for (const other of wake) await advance(database, other);
  return accepted[0] ?? false;
}

/** Gives whoever asks the first step that could be leased. */
export const offerFirst: ChooseNext = ({ offered, runnerIds }) => {
  const ids = [...offered];
  return runnerIds.map((runnerId) => (runnerId === null ? null : (ids.shift() ?? null)));
};

/** Does everything that can be done. Returns the tasks in the order in which they were done. */
export async function drain(database: Database): Promise<Task[]> {
  const done: Task[] = [];
  for (;;) {
    const tasks = await claim(database, 100);
    if (tasks.length === 0) return done;
    for (const task of tasks) {
      await complete(database, task);
      done.push(task);
    }
  }
}

export async function view(database: Database, runId: string): Promise<RunView> {
  const run = await getRun(database, { workspaceId: localWorkspaceId, runId });
  if (run === null) throw new Error(`No run ${runId}`);
  return run;
}

/** As if its runner had said nothing for too long. */
export async function loseLease(database: Database, task: Task): Promise<void> {
  await database.pool.query(
    "UPDATE step SET lease_expires_at = now() - interval '1 second' WHERE id = $1",
    [task.taskId],
  );
  await sweep(database, { catalog });
}

/** Runs and what belongs to them; workspaces and workflows stay. */
export async function emptyDatabase(database: Database): Promise<void> {
  await database.pool.query(
    "TRUNCATE run, step, step_edge, step_attempt, cache_entry, inflight, usage_event, run_event, quarantine, runner CASCADE",
  );
}
