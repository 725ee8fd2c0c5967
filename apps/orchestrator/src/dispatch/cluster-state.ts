import {
  Cluster,
  KeyedHeap,
  lease,
  prefetch,
  type ClusterOptions,
  type LeaseAnswer,
  type LeasedStep,
  type ReadyStep,
  type WeightsLoad,
  type WeightsRef,
} from "@heddle/core";
import type { Completion, StepNews } from "@heddle/db";
import { KnownRunner, type RunnerFacts } from "./runner-facts.ts";
import { ServiceTimes } from "./service-times.ts";

interface KnownStep {
  readonly news: StepNews;
  readonly step: ReadyStep;
}

type Known =
  | (KnownStep & { readonly phase: "ready" })
  /** To be tried again, after a while. */
  | (KnownStep & { readonly phase: "later" })
  | (KnownStep & {
      readonly phase: "leased";
      readonly runnerId: string;
      readonly chargeMs: number;
      readonly sinceMs: number;
    });

/** A runner that is neither waiting nor working is forgotten after this time, ms. */
const silentMs = 2_000;

/**
 * The cluster of one pool as its dispatcher knows it, kept true by the news of every commit. It is memory only: the
 * database decides who gets a step, and everything here can be read from there again.
 */
export class ClusterState {
  readonly cluster: Cluster;
  readonly #steps = new Map<string, Known>();
  readonly #stepsOfRuns = new Map<string, Set<string>>();
  readonly #runners = new Map<string, KnownRunner>();
  readonly #later = new KeyedHeap<string, StepNews>(
    (first, second) =>
      first.availableAtMs - second.availableAtMs || Number(first.id > second.id) * 2 - 1,
  );
  readonly #times = new ServiceTimes();
  /** When steps were changed last, counted in changes; kept while something is being read. */
  readonly #changedAt = new Map<string, number>();
  #changes = 0;
  #readers = 0;
  /** Steps that are being leased: what is read of them may be of before or after. */
  readonly #claimed = new Set<string>();

  constructor(options: Partial<ClusterOptions>) {
    this.cluster = new Cluster(options);
  }

  /** When the first of the steps that are to be tried again may be, ms; null: none waits. */
  get laterAtMs(): number | null {
    return this.#later.peek()?.availableAtMs ?? null;
  }

  /** Takes in what has become of a step. Returns what can be leased now that could not be before. */
  apply(news: StepNews, nowMs: number): ReadyStep | null {
    const before = this.#steps.get(news.id);
    this.#changed(news.id);
    this.#claimed.delete(news.id);
    if (news.status === "LEASED" && news.runnerId !== null) {
      const runnerId = news.runnerId;
      if (before?.phase === "leased" && before.runnerId === runnerId) return null;
      this.#forget(news, nowMs);
      const step = this.#toStep(news);
      this.cluster.addStep(step);
      this.#lease(news, { step, runnerId, chargeMs: 0, nowMs });
      return null;
    }
    if (news.status === "READY" && !news.joined) return this.#wait(news, nowMs);
    this.#forget(news, nowMs);
    return null;
  }

  /** A runner has handed in what came of its lease. */
  end({ taskId, runnerId, result }: Completion, nowMs: number): void {
    const known = this.#steps.get(taskId);
    if (known?.phase !== "leased" || known.runnerId !== runnerId) return;
    const spent = result.status === "succeeded" ? result : { loadMs: 0, deviceMs: 0 };
    const { loadMs, deviceMs } = spent;
    const status = result.status === "succeeded" ? "SUCCEEDED" : "FAILED";
    this.#changed(taskId);
    this.#forget({ ...known.news, status, loadMs, deviceMs }, nowMs);
  }

  /** What of a run, or of everything, is READY or LEASED; the rest is over. `read` reads it. */
  async reconcile(
    read: () => Promise<readonly StepNews[]>,
    runId: string | undefined,
    clock: () => number,
  ): Promise<void> {
    const begun = this.#changes;
    this.#readers += 1;
    try {
      const all = await read();
      const isOlder = (id: string) =>
        (this.#changedAt.get(id) ?? 0) <= begun && !this.#claimed.has(id);
      const found = new Set(all.map(({ id }) => id));
      const known = runId === undefined ? this.#steps.keys() : (this.#stepsOfRuns.get(runId) ?? []);
      // A copy: what is forgotten is taken out.
      for (const id of Array.from(known)) {
        const news = this.#steps.get(id)?.news;
        if (news !== undefined && !found.has(id) && isOlder(id)) this.#forget(news, clock());
      }
      for (const news of all) if (isOlder(news.id)) this.apply(news, clock());
    } finally {
      this.#readers -= 1;
      if (this.#readers === 0) this.#changedAt.clear();
    }
  }

  /** Steps whose wait is over can be leased again. */
  release(nowMs: number): void {
    for (let next = this.#later.peek(); next !== undefined; next = this.#later.peek()) {
      if (next.availableAtMs > nowMs) return;
      this.apply(next, nowMs);
    }
  }

  hear(runnerId: string, facts: RunnerFacts, nowMs: number): void {
    const runner = this.#runners.get(runnerId);
    if (runner === undefined) {
      const known = new KnownRunner(runnerId, facts, nowMs);
      for (const [id, step] of this.#steps)
        if (step.phase === "leased" && step.runnerId === runnerId)
          known.tasks.set(id, toTask(step.step, nowMs));
      this.#runners.set(runnerId, known);
      return this.cluster.setRunner(known.toRunner(nowMs));
    }
    runner.heardAtMs = nowMs;
    if (runner.facts.resident === facts.resident) return;
    runner.facts = facts;
    this.cluster.setRunner(runner.toRunner(nowMs));
  }

  runOf(stepId: string): string | undefined {
    return this.#steps.get(stepId)?.news.runId;
  }

  isKnown(runnerId: string): boolean {
    return this.#runners.has(runnerId);
  }

  loaded(runnerId: string, load: WeightsLoad): void {
    this.#runners.get(runnerId)?.loaded(load);
  }

  removeRunner(runnerId: string): void {
    this.#runners.delete(runnerId);
    this.cluster.removeRunner(runnerId);
  }

  /** Forgets runners that are not there any more. */
  forgetSilent(isWaiting: (runnerId: string) => boolean, nowMs: number): void {
    for (const [id, { heardAtMs, tasks }] of this.#runners)
      if (tasks.size === 0 && !isWaiting(id) && heardAtMs < nowMs - silentMs) this.removeRunner(id);
  }

  /** What the runner should do now; nothing changes. */
  choose(runnerId: string, nowMs: number): LeaseAnswer {
    return lease(this.cluster, { runnerId, nowMs });
  }

  /** What the runner should load while it works; from now on that counts as coming. */
  prefetch(runnerId: string, nowMs: number): WeightsRef | null {
    const runner = this.cluster.fleet.get(runnerId);
    const wanted = runner === undefined ? null : prefetch(this.cluster, runner, nowMs);
    // A runner looks after its memory itself: nothing is given up for what is only expected.
    if (wanted === null || wanted.evict.length > 0) return null;
    this.#change(runnerId, nowMs, (known) => known.prefetches(wanted.ref, nowMs));
    return wanted.ref;
  }

  /** These steps are being leased to the runner, until `settle` or news of them. */
  take(runnerId: string, leased: readonly LeasedStep[], nowMs: number): void {
    for (const { step, chargeMs } of leased) {
      const known = this.#steps.get(step.id);
      this.#claimed.add(step.id);
      if (known !== undefined) this.#lease(known.news, { step, runnerId, chargeMs, nowMs });
    }
  }

  /** The database has answered: from now on what is read of these steps counts. */
  settle(stepIds: Iterable<string>): void {
    for (const id of stepIds) {
      this.#claimed.delete(id);
      this.#changed(id);
    }
  }

  /** The same of every step of a run, whatever became of its transaction. */
  settleRun(runId: string): void {
    this.settle(this.#stepsOfRuns.get(runId) ?? []);
  }

  #changed(stepId: string): void {
    this.#changes += 1;
    if (this.#readers > 0) this.#changedAt.set(stepId, this.#changes);
  }

  #lease(
    news: StepNews,
    {
      step,
      runnerId,
      chargeMs,
      nowMs,
    }: {
      readonly step: ReadyStep;
      readonly runnerId: string;
      readonly chargeMs: number;
      readonly nowMs: number;
    },
  ): void {
    this.cluster.take([{ step, chargeMs }], nowMs);
    const leased = { phase: "leased", news, step, runnerId, chargeMs, sinceMs: nowMs } as const;
    this.#remember(leased);
    this.#change(runnerId, nowMs, (runner) =>
      runner.tasks.set(step.id, toTask(step, nowMs, chargeMs)),
    );
  }

  #wait(news: StepNews, nowMs: number): ReadyStep | null {
    const before = this.#steps.get(news.id);
    if (before?.phase === "ready") return null;
    this.#forget(news, nowMs);
    const step = this.#toStep(news);
    if (news.availableAtMs > nowMs) {
      this.#remember({ phase: "later", news, step });
      this.#later.set(news.id, news);
      return null;
    }
    this.#remember({ phase: "ready", news, step });
    this.cluster.addStep(step);
    return step;
  }

  #forget(news: StepNews, nowMs: number): void {
    const known = this.#steps.get(news.id);
    if (known === undefined) return;
    this.#steps.delete(news.id);
    const siblings = this.#stepsOfRuns.get(news.runId);
    siblings?.delete(news.id);
    if (siblings?.size === 0) this.#stepsOfRuns.delete(news.runId);
    if (known.phase === "later") return this.#later.delete(news.id);
    if (known.phase === "ready") return this.cluster.removeStep(news.id);
    const succeeded = news.status === "SUCCEEDED" && news.deviceMs > 0;
    const spentMs = succeeded ? news.loadMs + news.deviceMs : nowMs - known.sinceMs;
    if (succeeded) this.#times.learn(known.news, news.deviceMs);
    // On a device of its own a workspace is charged with nothing.
    const isOwn = this.#runners.get(known.runnerId)?.facts.workspaceId === news.workspaceId;
    this.cluster.ready.end(news.workspaceId, isOwn ? 0 : spentMs - known.chargeMs);
    this.#change(known.runnerId, nowMs, (runner) => {
      runner.tasks.delete(news.id);
      runner.freeSinceMs = nowMs;
    });
  }

  #change(runnerId: string, nowMs: number, change: (runner: KnownRunner) => void): void {
    const runner = this.#runners.get(runnerId);
    if (runner === undefined) return;
    change(runner);
    this.cluster.setRunner(runner.toRunner(nowMs));
  }

  #remember(known: Known): void {
    const { id, runId } = known.news;
    this.#steps.set(id, known);
    const siblings = this.#stepsOfRuns.get(runId) ?? new Set<string>();
    this.#stepsOfRuns.set(runId, siblings.add(id));
  }

  #toStep(news: StepNews): ReadyStep {
    const { id, workspaceId, priority, op, model, nextModels, deadlineAtMs, availableAtMs } = news;
    return {
      id,
      workspaceId,
      priority,
      op,
      weights: model === null ? [] : [toRef(model)],
      adapters: [],
      downstream: nextModels.map(toRef),
      serviceMs: this.#times.expect(news),
      batchKey: "",
      deadlineMs: deadlineAtMs,
      readyAtMs: availableAtMs,
    };
  }
}

function toRef({
  sha256,
  sizeBytes,
}: {
  readonly sha256: string;
  readonly sizeBytes: number;
}): WeightsRef {
  return { hash: sha256, sizeBytes };
}

function toTask(step: ReadyStep, nowMs: number, expectedMs = step.serviceMs) {
  return { step, endsAtMs: nowMs + expectedMs, isPreemptible: false };
}
