import {
  advance as advanceModel,
  isTerminalRun,
  startRun,
  type Document,
  type RunAction,
  type RunEffect,
  type RunState,
  type StepErrorClass,
  type Task,
} from "@heddle/core";
import { deepStrictEqual, strictEqual } from "node:assert";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readRunEvents } from "../runs/read-run-events.ts";
import {
  createTestDatabase,
  findViolations,
  testCatalog,
  testDocument,
  testPlan,
  type TestDatabase,
} from "../testing/index.ts";
import {
  claim,
  complete,
  emptyDatabase,
  offerFirst,
  start,
  view,
  workResult,
} from "../testing/test-engine.ts";
import { localWorkspaceId } from "../workspaces.ts";
import { completeTasks } from "./complete-tasks.ts";
import { decideStep } from "./decide-step.ts";
import { pauseRun, resumeRun } from "./pause-run.ts";
import { requestCancel } from "./request-cancel.ts";
import { sweep } from "./sweep.ts";

/*
 * The engine's SQL against the state machine of core: whatever is done to a run, in whatever order, every step ends in
 * the same state and the history says the same.
 */

let test: TestDatabase;
const database = () => test.database;
beforeAll(async () => {
  test = await createTestDatabase({ random: () => 0 });
});
afterAll(() => test.drop());

type NodeKind = "work" | "evaluate" | "boom" | "mapped" | "ask";
interface Sketch {
  readonly kind: NodeKind;
  /** Items of a mapped node. */
  readonly items: number;
  /** Which of the nodes before it it needs, by remainder; null: none. */
  readonly needs: number | null;
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  kind: fc.constantFrom<NodeKind>("work", "work", "work", "evaluate", "boom", "mapped", "ask"),
  items: fc.integer({ min: 0, max: 3 }),
  needs: fc.option(fc.nat(20), { freq: 4 }),
});

type Answer =
  | { readonly do: "succeed" | "abort" | "expire" | "stale"; readonly pick: number }
  | { readonly do: "fail"; readonly pick: number; readonly class: StepErrorClass };
type Deed =
  | Answer
  | { readonly do: "claim"; readonly runner: number }
  | { readonly do: "decide"; readonly pick: number; readonly approve: boolean }
  | { readonly do: "pause" }
  | { readonly do: "resume" }
  | { readonly do: "cancel" }
  | { readonly do: "deadline" };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("claim" as const), runner: fc.nat(3) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant("succeed" as const), pick: fc.nat(9) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom("abort" as const, "expire" as const, "stale" as const),
      pick: fc.nat(9),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("fail" as const),
      pick: fc.nat(9),
      class: fc.constantFrom<StepErrorClass>("INFRA", "INFRA", "RATE", "USER", "TIMEOUT"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("decide" as const),
      pick: fc.nat(9),
      approve: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom<Deed>({ do: "pause" }, { do: "resume" }) },
  { weight: 1, arbitrary: fc.constantFrom<Deed>({ do: "cancel" }, { do: "deadline" }) },
);

let documents = 0;
/** Nodes named n0, n1, …; whatever a mapped or failing node needs of its own is beside it. */
function documentOf(sketches: readonly Sketch[]): Document {
  documents += 1;
  const nodes: Record<string, readonly [string, Record<string, string | string[]>]> = {};
  const wires: string[] = [];
  for (const [index, { kind, items, needs }] of sketches.entries()) {
    const id = `n${index}`;
    const name = `${documents}-${index}`;
    const parent = needs === null || index === 0 ? null : needs % index;
    if (kind === "boom") {
      nodes[`${id}-source`] = ["text", { text: "boom" }];
      nodes[id] = ["suffix", {}];
      wires.push(`${id}-source > ${id}.in`);
      continue;
    }
    if (kind === "ask") {
      nodes[id] = ["approve", {}];
      // It would hand a list on, and map what follows.
      const own = parent === null || sketches[parent]?.kind === "mapped";
      if (own) nodes[`${id}-source`] = ["text", { text: name }];
      wires.push(`${own ? `${id}-source` : `n${parent}`} > ${id}.out`);
      continue;
    }
    nodes[id] = [
      kind === "evaluate" && parent !== null ? "suffix" : "work",
      kind === "evaluate" ? {} : { name },
    ];
    if (kind === "evaluate" && parent === null) nodes[id] = ["text", { text: name }];
    if (kind === "mapped") {
      nodes[`${id}-list`] = [
        "texts",
        { texts: Array.from({ length: items }, (_, item) => `${name}.${item}`) },
      ];
      wires.push(`${id}-list > ${id}.more`);
    }
    if (parent !== null && sketches[parent]?.kind !== "mapped") wires.push(`n${parent} > ${id}.in`);
    else if (kind === "evaluate" && parent !== null) nodes[id] = ["text", { text: name }];
  }
  return testDocument(nodes, wires);
}

/** The run as the model sees it, with what the shell around it has to do by itself. */
class Model {
  run: RunState;
  readonly events: string[] = [];
  readonly #sketches: readonly Sketch[];

  constructor(document: Document, sketches: readonly Sketch[]) {
    this.#sketches = sketches;
    const started = startRun(testPlan(document));
    this.run = started.run;
    this.#note(started.effects);
    this.#goOn();
  }

  /** False: it was rejected. */
  apply(action: RunAction): boolean {
    const { run, effects } = advanceModel(this.run, action);
    this.run = run;
    this.#note(effects);
    this.#goOn();
    return !effects.some(({ type }) => type === "reject");
  }

  #note(effects: readonly RunEffect[]): void {
    for (const effect of effects)
      if (effect.type === "event") this.events.push(`${effect.event} ${effect.step ?? ""}`);
  }

  /** Evaluates and expands whatever is READY, as the engine does in the same transaction. */
  #goOn(): void {
    for (;;) {
      const action = [...this.run.steps.values()]
        .map((step) => this.#own(step.key, step.status))
        .find((own) => own !== null);
      if (action === undefined) return;
      const { run, effects } = advanceModel(this.run, action);
      this.run = run;
      this.#note(effects);
    }
  }

  #own(key: string, status: string): RunAction | null {
    if (status !== "READY" || key.includes("/")) return null;
    if (key.includes("-")) return { type: "settle", step: key };
    const { kind, items } = this.#sketches[Number(key.slice(1))] ?? { kind: "work", items: 0 };
    if (kind === "boom")
      return {
        type: "refuse",
        step: key,
        error: { class: "USER", code: "value_invalid", message: "boom" },
      };
    if (kind === "ask") return { type: "ask", step: key };
    if (kind === "evaluate") return { type: "settle", step: key };
    if (kind === "mapped")
      return items === 0 ? { type: "settle", step: key } : { type: "expand", step: key, items };
    return null;
  }
}

const own = { workspaceId: localWorkspaceId, catalog: testCatalog };

interface Held {
  readonly task: Task;
  readonly runnerId: string;
}

/** One run, driven in step with its model. */
class Driver {
  readonly model: Model;
  readonly runId: string;
  readonly #held: Held[] = [];
  readonly #over: Held[] = [];

  constructor(model: Model, runId: string) {
    this.model = model;
    this.runId = runId;
  }

  async perform(deed: Deed): Promise<void> {
    if (deed.do === "claim") return this.#claim(`rnr_${deed.runner}`);
    if (deed.do === "cancel") {
      this.model.apply({ type: "cancel" });
      await requestCancel(database(), { workspaceId: localWorkspaceId, runId: this.runId });
      return;
    }
    if (deed.do === "pause" || deed.do === "resume") {
      this.model.apply({ type: deed.do });
      const change = deed.do === "pause" ? pauseRun : resumeRun;
      await change(database(), { ...own, runId: this.runId });
      return;
    }
    if (deed.do === "decide") return this.#decide(deed);
    if (deed.do === "deadline") {
      // While it is paused or asks a person its time stands still.
      if (!this.model.apply({ type: "deadline" })) return;
      await database().pool.query("UPDATE run SET deadline_at = now() WHERE id = $1", [this.runId]);
      await sweep(database(), { catalog: testCatalog });
      return;
    }
    const from = deed.do === "stale" ? this.#over : this.#held;
    const held = from[deed.pick % Math.max(1, from.length)];
    if (held === undefined) return;
    if (deed.do !== "stale") this.#over.push(...this.#held.splice(this.#held.indexOf(held), 1));
    await this.#answer(deed, held);
  }

  async #decide({ pick, approve }: Extract<Deed, { do: "decide" }>): Promise<void> {
    const steps = [...this.model.run.steps.values()].filter(({ status }) => status === "WAITING");
    const step = steps[pick % Math.max(1, steps.length)]?.key;
    if (step === undefined) return;
    this.model.apply({ type: approve ? "approve" : "decline", step });
    await decideStep(database(), { ...own, runId: this.runId, stepId: step, approve });
  }

  async #claim(runnerId: string): Promise<void> {
    const [task] = await claim(database(), 1, runnerId);
    const ready = [...this.model.run.steps.values()].some(({ status }) => status === "READY");
    const open = ["QUEUED", "RUNNING"].includes(this.model.run.status);
    strictEqual(task !== undefined, ready && open);
    if (task === undefined) return;
    this.#held.push({ task, runnerId });
    strictEqual(this.model.apply({ type: "claim", step: keyOf(task), runnerId }), true);
  }

  async #answer(deed: Answer, { task, runnerId }: Held): Promise<void> {
    const step = keyOf(task);
    const { epoch } = task;
    if (deed.do === "expire") {
      this.model.apply({ type: "expire", step, epoch });
      await database().pool.query(
        "UPDATE step SET lease_expires_at = now() - interval '1 s' WHERE id = $1 AND epoch = $2 AND status = 'LEASED'",
        [task.taskId, epoch],
      );
      await sweep(database(), { catalog: testCatalog });
      return;
    }
    if (deed.do === "fail") {
      const error = { class: deed.class, code: "made_up", message: "Made up" };
      const accepted = await complete(database(), task, { status: "failed", error }, runnerId);
      strictEqual(this.model.apply({ type: "fail", step, epoch, error }), accepted);
      return;
    }
    if (deed.do === "abort") {
      const accepted = await complete(database(), task, { status: "canceled" }, runnerId);
      strictEqual(this.model.apply({ type: "abort", step, epoch }), accepted);
      return;
    }
    // A stale answer is either refused, or was given before and changes nothing.
    if (deed.do === "stale") {
      await complete(database(), task, workResult(task), runnerId);
      strictEqual(this.model.apply({ type: "succeed", step, epoch }), false);
      return;
    }
    await this.#succeed({ task, runnerId }, deed.pick % 2 === 0);
  }

  /** `wish`: with the next task in return. */
  async #succeed({ task, runnerId }: Held, wish: boolean): Promise<void> {
    const { taskId, epoch, runId } = task;
    const completion = { runnerId, taskId, epoch, result: workResult(task) };
    const completions = [{ ...completion, wish }];
    const takes = { leaseMs: 30_000, reserved: [], choose: offerFirst };
    const options = { runId, completions, next: takes, catalog: testCatalog };
    const done = await completeTasks(database(), options);
    strictEqual(this.model.apply({ type: "succeed", step: keyOf(task), epoch }), done.accepted[0]);
    const [next] = done.leased;
    if (next === null || next === undefined) return;
    this.#held.push({ task: next, runnerId });
    strictEqual(this.model.apply({ type: "claim", step: keyOf(next), runnerId }), true);
  }

  /** Whatever a runner still holds is handed in, and the rest is done. */
  async finish(): Promise<void> {
    await this.perform({ do: "resume" });
    while (this.#held.length > 0) await this.perform({ do: "succeed", pick: 0 });
    for (;;) {
      await this.perform({ do: "claim", runner: 0 });
      const asked = [...this.model.run.steps.values()].some(({ status }) => status === "WAITING");
      if (this.#held.length === 0 && !asked) return;
      await this.perform({ do: "decide", pick: 0, approve: true });
      await this.perform({ do: "succeed", pick: 0 });
    }
  }

  async compare(): Promise<void> {
    const run = await view(database(), this.runId);
    const { rows } = await database().pool.query(
      `SELECT step_id || coalesce('/' || item, '') AS key, status, deps_remaining, attempt, epoch, infra_failures, lease_owner
       FROM step WHERE run_id = $1 AND NOT (status = 'BLOCKED' AND item IS NOT NULL)`,
      [this.runId],
    );
    const engine = rows.map((row) =>
      JSON.stringify([row.key, row.status, row.attempt, row.epoch, row.lease_owner]),
    );
    const model = [...this.model.run.steps.values()].map(({ key, status, attempt, epoch, owner }) =>
      JSON.stringify([key, status, attempt, epoch, owner]),
    );
    deepStrictEqual(engine.toSorted(), model.toSorted());
    strictEqual(run.status, this.model.run.status);
    const waiting = rows.filter(({ status }) => status === "BLOCKED" || status === "EXPANDED");
    for (const { key, deps_remaining } of waiting)
      strictEqual(deps_remaining, this.model.run.steps.get(key)?.depsRemaining);
    const events = await readRunEvents(database(), {
      runId: this.runId,
      afterSeq: 0,
      limit: 1_000,
    });
    const told = events.map(
      ({ body }) =>
        `${body.type} ${"stepId" in body ? body.stepId + (body.item === null ? "" : `/${body.item}`) : ""}`,
    );
    deepStrictEqual(told.toSorted(), this.model.events.toSorted());
    // What happens in one transaction has no order, but for the end.
    if (isTerminalRun(run.status)) strictEqual(told.at(-1), this.model.events.at(-1));
  }
}

function keyOf({ stepId, item }: Task): string {
  return item === null ? stepId : `${stepId}/${item}`;
}

describe("the engine in SQL and the state machine of core", () => {
  it(
    "agree after every action, whatever the plan and the order",
    { timeout: 300_000 },
    async () => {
      const plans = fc.array(sketch, { minLength: 1, maxLength: 6 });
      await fc.assert(
        fc.asyncProperty(plans, fc.array(deed, { maxLength: 24 }), async (sketches, deeds) => {
          await emptyDatabase(database());
          const document = documentOf(sketches);
          const driver = new Driver(
            new Model(document, sketches),
            await start(database(), document),
          );
          await driver.compare();
          for (const one of deeds) {
            await driver.perform(one);
            await driver.compare();
          }
          await driver.finish();
          await driver.compare();
          expect(await findViolations(database())).toEqual([]);
        }),
        { numRuns: 40 },
      );
    },
  );
});
