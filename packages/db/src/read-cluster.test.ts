import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { readCluster } from "./read-cluster.ts";
import { registerRunner, touchRunner } from "./runners.ts";
import { createTestDatabase, testDocument, type TestDatabase } from "./testing/index.ts";
import { claimOne, complete, emptyDatabase, start, workResult } from "./testing/test-engine.ts";

let test: TestDatabase;
const database = () => test.database;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterEach(() => emptyDatabase(database()));
afterAll(() => test.drop());

const device = { kind: "cpu", label: "CPU, 2 cores", memoryBytes: 1 } as const;
const register = (name: string) =>
  registerRunner(database(), { name, device, ops: ["work"], slots: 1 });
const two = testDocument(
  {
    one: ["work", { name: "one" }],
    other: ["work", { name: "other" }],
    a: ["output", { name: "a" }],
    b: ["output", { name: "b" }],
  },
  ["one > a.value", "other > b.value"],
);

it("says what each runner holds and does, and what waits", async () => {
  const [busy, idle] = [await register("busy"), await register("idle")];
  const held = {
    modelId: "model",
    sha256: "a".repeat(64),
    sizeBytes: 5,
    tier: "session",
  } as const;
  await touchRunner(database(), busy, { resident: [held] });
  // A call that does not say it changes nothing.
  await touchRunner(database(), busy);
  await start(database(), two);
  const task = await claimOne(database(), busy);
  const { runners, queues } = await readCluster(database());
  expect(runners).toMatchObject([
    { id: busy, state: "busy", running: 1, tasks: 0, resident: [held] },
    { id: idle, state: "idle", running: 0, tasks: 0, busy: 0, resident: [] },
  ]);
  expect(queues).toMatchObject([{ op: "work", modelId: null, waiting: 1, running: 1 }]);
  expect(queues[0]?.oldestAt).toBeInstanceOf(Date);
  await complete(database(), task, workResult(task), busy);
  const after = await readCluster(database());
  expect(after.runners[0]).toMatchObject({ running: 0, tasks: 1 });
  expect(after.runners[0]?.deviceMs).toBeGreaterThan(0);
});

it("counts time in which several tasks ran once, and only what lies in the window", async () => {
  const runner = await register("two at once");
  await start(database(), two);
  const tasks = [await claimOne(database(), runner), await claimOne(database(), runner)];
  for (const task of tasks) await complete(database(), task, workResult(task), runner);
  // Minutes ago: 20 to 12, and 14 to 9; of the window of 15 that is 6 minutes.
  const spans = [
    [20, 12],
    [14, 9],
  ];
  for (const [at, [from, to]] of spans.entries())
    await database().pool.query(
      `UPDATE step_attempt SET started_at = now() - make_interval(mins => $2), finished_at = now() - make_interval(mins => $3)
       WHERE step_id = $1`,
      [tasks[at]?.taskId, from, to],
    );
  const { runners, windowMinutes } = await readCluster(database());
  expect(windowMinutes).toBe(15);
  expect(runners[0]?.busy).toBeCloseTo(6 / 15, 2);
  expect(runners[0]?.tasks).toBe(2);
});
