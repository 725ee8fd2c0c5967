import {
  chooseFreeRunner,
  type Command,
  type LeaseResponse,
  type LeasedStep,
  type ReadyStep,
  type Task,
  type WeightsLoad,
} from "@heddle/core";
import {
  claimTasks,
  completeTasks,
  findCanceled,
  parseReadyNews,
  readStepNews,
  type ChooseNext,
  type Completion,
  type Database,
  type EngineOptions,
  type NextTasks,
  type StepNews,
} from "@heddle/db";
import type { Log } from "@heddle/infra";
import { ClusterState } from "./cluster-state.ts";
import type { RunnerFacts } from "./runner-facts.ts";
import { nothing, Waiter, Waiters, type LeaseRequest } from "./waiter.ts";

export interface DispatcherOptions {
  readonly database: Database;
  readonly engine: EngineOptions;
  readonly leaseMs: number;
  /** Leased steps that a workspace may have at most; absent: as many as there are slots. */
  readonly stepsPerWorkspace?: number | undefined;
  readonly log: Log;
}

/** After an error of the database. */
const pauseMs = 200;
/** Everything is read again after this time, and never for more than a twentieth of it. */
const refreshMs = 5_000;
const refreshShare = 20;

/**
 * Gives READY steps to the runners that wait for them, as the pure functions of the core choose. Only the leader of the
 * pool does so. It owns the waiting requests and a picture of the cluster; the steps are Postgres's, and a claim there
 * decides, so that a picture that is wrong costs time and nothing else.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #waiters = new Waiters();
  #state: ClusterState;
  #leads = false;
  #closed = false;
  #servesAll = false;
  #refreshAgainAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #timerAtMs = Number.POSITIVE_INFINITY;

  constructor(options: DispatcherOptions) {
    this.#options = options;
    this.#state = this.#newState();
  }

  /** Steps that could be leased now. */
  get ready(): number {
    return this.#state.cluster.ready.size;
  }

  /** Begins to lead: everything is read from the database. Throws when it does not answer. */
  async lead(): Promise<void> {
    this.#state = this.#newState();
    this.#leads = true;
    await this.#reconcile();
  }

  /** Another one leads: whoever waits here has to go there. */
  stand(): void {
    this.#leads = false;
    this.#state = this.#newState();
    for (const waiter of this.#waiters.all()) this.#answer(waiter, nothing);
  }

  /** What a runner said of itself; to be called before its requests. */
  hearRunner(runnerId: string, facts: RunnerFacts): void {
    this.#state.hear(runnerId, facts, Date.now());
  }

  loaded(runnerId: string, load: WeightsLoad): void {
    this.#state.loaded(runnerId, load);
  }

  removeRunner(runnerId: string): void {
    this.#state.removeRunner(runnerId);
    this.#serveAllSoon();
  }

  /** Answers as soon as there is a task or a command, or when the wait is over. */
  lease(request: LeaseRequest): Promise<LeaseResponse> {
    if (this.#closed || !this.#leads || request.signal.aborted) return Promise.resolve(nothing);
    return new Promise((resolve) => {
      const waiter = new Waiter(request, resolve);
      this.#waiters.add(waiter);
      waiter.timer = setTimeout(() => {
        waiter.isOverdue = true;
        if (!waiter.isServed) this.#answer(waiter, nothing);
      }, request.waitMs);
      request.signal.addEventListener("abort", () => this.#answer(waiter, nothing), { once: true });
      if (request.freeSlots > 0) this.#serve(request.runnerId);
      else void this.#tellCanceled([waiter]);
    });
  }

  /** A change was committed here. */
  hearNews(news: readonly StepNews[]): void {
    if (!this.#leads) return;
    const now = Date.now();
    const ready = news.flatMap((one) => this.#state.apply(one, now) ?? []);
    this.#setTimer(this.#state.laterAtMs);
    this.#offer(ready);
    // What has ended may have made room for what waits: within a quota, or on a runner.
    if (news.some(({ status }) => status !== "READY" && status !== "LEASED")) this.#serveAllSoon();
    for (const { status, runnerId } of news)
      if (status === "LEASED" && runnerId !== null) this.#prefetch(runnerId);
  }

  /** News on the channel `heddle_ready`. */
  hear(payload: string): void {
    const news = parseReadyNews(payload);
    if (news.type === "cancel") void this.#tellCanceled(this.#waiters.listening());
    else if (news.origin !== this.#options.database.origin) this.refresh(news.runId);
  }

  /** A transaction of the run did not do what was reserved for it. */
  undo(runId: string): void {
    this.#state.settleRun(runId);
    this.refresh(runId);
  }

  /** Reads a run again: what is known of it may be wrong. */
  refresh(runId: string): void {
    if (!this.#leads || this.#closed) return;
    this.#reconcile(runId).catch((error: unknown) =>
      this.#options.log.warn({ err: error, runId }, "the steps of a run could not be read"),
    );
  }

  /** Reads everything again: news may have been missed. */
  refreshAll(): void {
    if (!this.#leads || this.#closed) return;
    const begunAt = performance.now();
    this.#refreshAgainAt = begunAt + refreshMs;
    this.#reconcile()
      .then(() => {
        const tookMs = performance.now() - begunAt;
        this.#refreshAgainAt = performance.now() + Math.max(refreshMs, refreshShare * tookMs);
      })
      .catch((error: unknown) =>
        this.#options.log.warn({ err: error }, "the steps could not be read"),
      );
  }

  /** To be called again and again. */
  tick(): void {
    this.#state.forgetSilent((runnerId) => this.#waiters.hasAnyOf(runnerId), Date.now());
    if (performance.now() >= this.#refreshAgainAt) this.refreshAll();
    else this.#serveAllSoon();
  }

  /**
   * For completions of one run, before their transaction: which of its READY steps their runners go on with, and how the
   * rest is to be chosen. What is reserved counts as leased; when it was not, the run has to be read again.
   */
  reserve(runId: string, completions: readonly Completion[]): NextTasks {
    const now = Date.now();
    for (const completion of completions) this.#state.end(completion, now);
    const reserved = completions.map(({ runnerId, wish }) => {
      if (wish !== true || !this.#leads || !this.#state.isKnown(runnerId)) return null;
      const [first] = this.#state.choose(runnerId, now).leased;
      if (first === undefined || this.#state.runOf(first.step.id) !== runId) return null;
      this.#state.take(runnerId, [first], now);
      return first.step.id;
    });
    return { leaseMs: this.#options.leaseMs, reserved, choose: this.#chooseNext };
  }

  /** Within the transaction of a completion: which of the steps that it makes READY its runner goes on with. */
  readonly #chooseNext: ChooseNext = ({ news, offered, runnerIds }) => {
    if (!this.#leads) return runnerIds.map(() => null);
    const now = Date.now();
    // As if it were committed already; when it is not, the run is read again.
    for (const one of news) this.#state.apply(one, now);
    return runnerIds.map((runnerId) => {
      if (runnerId === null || !this.#state.isKnown(runnerId)) return null;
      const [first] = this.#state.choose(runnerId, now).leased;
      if (first === undefined || !offered.has(first.step.id)) return null;
      this.#state.take(runnerId, [first], now);
      return first.step.id;
    });
  };

  /** Gives back what was leased to a runner that no longer listens. */
  async handBack(tasks: readonly Task[], runnerId: string): Promise<void> {
    const { database, engine } = this.#options;
    for (const { taskId, epoch, runId } of tasks) {
      const completion = { runnerId, taskId, epoch, result: { status: "canceled" as const } };
      const options = { ...engine, runId, completions: [completion] };
      this.hearNews((await completeTasks(database, options)).news);
    }
  }

  /** Answers everybody who waits, and gives nothing out any more. */
  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const waiter of this.#waiters.all()) this.#answer(waiter, nothing);
  }

  #newState(): ClusterState {
    const { stepsPerWorkspace } = this.#options;
    return new ClusterState(stepsPerWorkspace === undefined ? {} : { stepsPerWorkspace });
  }

  async #reconcile(runId?: string): Promise<void> {
    const state = this.#state;
    await state.reconcile(() => readStepNews(this.#options.database, runId), runId, Date.now);
    this.#setTimer(state.laterAtMs);
    this.#serveAllSoon();
  }

  /** Steps that have become READY: each to the runner that should have it, if that waits. */
  #offer(steps: readonly ReadyStep[]): void {
    for (const step of steps) {
      // An earlier one may have brought it.
      if (this.#state.cluster.ready.step(step.id) === undefined) continue;
      const runner = chooseFreeRunner(this.#state.cluster, step);
      if (runner === undefined || !this.#serve(runner.id)) this.#serveAllSoon();
    }
  }

  /** Once for everything that happens within one turn. */
  #serveAllSoon(): void {
    if (this.#servesAll) return;
    this.#servesAll = true;
    setImmediate(() => {
      this.#servesAll = false;
      if (this.ready > 0) for (const runnerId of this.#waiters.runnerIds()) this.#serve(runnerId);
    });
  }

  /** Chooses for the requests of one runner. True: it gets something. */
  #serve(runnerId: string): boolean {
    if (!this.#leads || this.#closed || this.ready === 0 || !this.#state.isKnown(runnerId))
      return false;
    const now = Date.now();
    const served: Waiter[] = [];
    const chosen: LeasedStep[] = [];
    for (const waiter of this.#waiters.openOf(runnerId)) {
      const leased = this.#chooseFor(waiter.request, now);
      if (leased.length === 0) break;
      waiter.isServed = true;
      served.push(waiter);
      chosen.push(...leased);
    }
    if (chosen.length > 0) void this.#claim(runnerId, chosen, served);
    return chosen.length > 0;
  }

  #chooseFor({ runnerId, freeSlots }: LeaseRequest, now: number): LeasedStep[] {
    const chosen: LeasedStep[] = [];
    while (chosen.length < freeSlots) {
      const { leased, askAgainMs } = this.#state.choose(runnerId, now);
      if (leased.length === 0) {
        this.#setTimer(askAgainMs);
        break;
      }
      const fitting = leased.slice(0, freeSlots - chosen.length);
      this.#state.take(runnerId, fitting, now);
      chosen.push(...fitting);
    }
    return chosen;
  }

  async #claim(
    runnerId: string,
    chosen: readonly LeasedStep[],
    served: readonly Waiter[],
  ): Promise<void> {
    const { database, leaseMs, log } = this.#options;
    const stepIds = chosen.map(({ step }) => step.id);
    let tasks: readonly Task[] = [];
    try {
      tasks = await claimTasks(database, { runnerId, stepIds, leaseMs });
      if (tasks.length > 0) database.reached("after-claim");
    } catch (error) {
      log.warn({ err: error }, "no tasks could be claimed");
      setTimeout(() => this.refreshAll(), pauseMs);
    }
    this.#state.settle(stepIds);
    const got = new Set(tasks.map(({ taskId }) => taskId));
    const runIds = stepIds.filter((id) => !got.has(id)).map((id) => this.#state.runOf(id));
    for (const runId of new Set(runIds)) if (runId !== undefined) this.refresh(runId);
    await this.#handOut(runnerId, tasks, served);
    this.#prefetch(runnerId);
  }

  /** Tells a runner that listens what to load while it works. */
  #prefetch(runnerId: string): void {
    const listener = this.#waiters.listenerOf(runnerId);
    if (listener === undefined) return;
    const ref = this.#state.prefetch(runnerId, Date.now());
    if (ref === null) return;
    this.#answer(listener, { tasks: [], commands: [{ type: "prefetch", sha256: ref.hash }] });
  }

  async #handOut(
    runnerId: string,
    tasks: readonly Task[],
    served: readonly Waiter[],
  ): Promise<void> {
    let given = 0;
    for (const waiter of served) {
      waiter.isServed = false;
      // Its connection closed meanwhile.
      if (!this.#waiters.has(waiter)) continue;
      const own = tasks.slice(given, given + waiter.request.freeSlots);
      given += own.length;
      if (own.length > 0) this.#answer(waiter, { tasks: [...own], commands: [] });
      else if (waiter.isOverdue) this.#answer(waiter, nothing);
    }
    try {
      await this.handBack(tasks.slice(given), runnerId);
    } catch (error) {
      this.#options.log.warn({ err: error }, "a task that nobody waits for was not handed back");
    }
  }

  /** Looks again then; an earlier time that is set stays. */
  #setTimer(atMs: number | null): void {
    if (atMs === null || atMs >= this.#timerAtMs || this.#closed) return;
    clearTimeout(this.#timer);
    this.#timerAtMs = atMs;
    this.#timer = setTimeout(
      () => {
        this.#timerAtMs = Number.POSITIVE_INFINITY;
        this.#state.release(Date.now());
        this.#setTimer(this.#state.laterAtMs);
        this.#serveAllSoon();
      },
      Math.max(1, atMs - Date.now()),
    );
  }

  async #tellCanceled(waiters: readonly Waiter[]): Promise<void> {
    for (const waiter of waiters) {
      try {
        const leases = await findCanceled(this.#options.database, waiter.request.runnerId);
        const commands = leases.map((lease): Command => ({ type: "cancel", ...lease }));
        if (commands.length > 0) this.#answer(waiter, { tasks: [], commands });
      } catch (error) {
        // The next heartbeat says it.
        this.#options.log.warn({ err: error }, "a runner could not be told of a cancelled run");
      }
    }
  }

  #answer(waiter: Waiter, response: LeaseResponse): void {
    if (!this.#waiters.delete(waiter)) return;
    clearTimeout(waiter.timer);
    waiter.resolve(response);
  }
}
