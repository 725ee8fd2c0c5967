import type { Command, LeaseResponse, Task } from "@heddle/core";
import {
  cancelNews,
  claimTasks,
  completeTasks,
  findCanceled,
  type Database,
  type EngineOptions,
} from "@heddle/db";
import type { Log } from "@heddle/infra";

/** A runner that asks for work. */
export interface LeaseRequest {
  readonly runnerId: string;
  readonly ops: readonly string[];
  /** Steps of this workspace only; null: of all. */
  readonly workspaceId: string | null;
  /** Tasks wanted; 0: only commands are waited for. */
  readonly freeSlots: number;
  /** Milliseconds that the answer may wait. */
  readonly waitMs: number;
  /** Aborted when nobody reads the answer any more. */
  readonly signal: AbortSignal;
}

export interface DispatcherOptions {
  readonly database: Database;
  readonly engine: EngineOptions;
  readonly leaseMs: number;
  readonly log: Log;
}

const nothing: LeaseResponse = { tasks: [], commands: [] };
/** After an error of the database. */
const pauseMs = 200;

/**
 * Gives READY steps to the runners that wait for them. It owns the waiting requests; the steps are Postgres's, and a
 * claim takes them from any number of dispatchers at once.
 */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  readonly #waiters = new Set<Waiter>();
  #claiming = false;
  #again = false;
  #closed = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** Answers as soon as there is a task or a command, or when the wait is over. */
  lease(request: LeaseRequest): Promise<LeaseResponse> {
    if (this.#closed || request.signal.aborted) return Promise.resolve(nothing);
    return new Promise((resolve) => {
      const waiter = new Waiter(request, resolve);
      this.#waiters.add(waiter);
      // A claim under way may still bring something; then the next one ends the wait.
      const onTime = () =>
        this.#claiming && request.freeSlots > 0 ? this.wake() : this.#answer(waiter, nothing);
      waiter.timer = setTimeout(onTime, request.waitMs);
      request.signal.addEventListener("abort", () => this.#answer(waiter, nothing), { once: true });
      if (request.freeSlots > 0) this.wake();
      else void this.#tellCanceled([waiter]);
    });
  }

  /** Something may be READY. */
  wake(): void {
    this.#again = true;
    if (this.#claiming || this.#closed) return;
    this.#claiming = true;
    void this.#claimWhileWoken().finally(() => {
      this.#claiming = false;
      if (this.#again && !this.#closed) setTimeout(() => this.wake(), pauseMs);
    });
  }

  /** News on the channel `heddle_ready`. */
  hear(payload: string): void {
    if (payload !== cancelNews) return this.wake();
    const listening = [...this.#waiters].filter(({ request }) => request.freeSlots === 0);
    void this.#tellCanceled(listening);
  }

  /** Gives back what was leased to a runner that no longer listens. */
  async handBack(tasks: readonly Task[], runnerId: string): Promise<void> {
    const { database, engine } = this.#options;
    for (const { taskId, epoch, runId } of tasks) {
      const completion = { runnerId, taskId, epoch, result: { status: "canceled" as const } };
      await completeTasks(database, { ...engine, runId, completions: [completion] });
      this.wake();
    }
  }

  /** Answers everybody who waits, and gives nothing out any more. */
  close(): void {
    this.#closed = true;
    for (const waiter of this.#waiters) this.#answer(waiter, nothing);
  }

  /** One claim at a time: whoever comes meanwhile is served by the next one, together with the others. */
  async #claimWhileWoken(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false;
      for (const group of groupByRunner(this.#waiters)) {
        try {
          if (await this.#serve(group)) this.#again = true;
        } catch (error) {
          this.#options.log.warn({ err: error }, "no tasks could be claimed");
          this.#again = true;
          return;
        }
      }
    }
  }

  /** Claims for the requests of one runner. True: it is worth asking again at once. */
  async #serve(group: readonly Waiter[]): Promise<boolean> {
    const [first] = group;
    if (first === undefined) return false;
    const { database, leaseMs } = this.#options;
    const { runnerId, ops, workspaceId } = first.request;
    const limit = group.reduce((sum, { request }) => sum + request.freeSlots, 0);
    const wish = { runnerId, ops, workspaceId, limit, leaseMs };
    const { tasks, raced } = await claimTasks(database, wish);
    if (tasks.length > 0) database.reached("after-claim");
    let given = 0;
    for (const waiter of group) {
      // Its connection closed meanwhile.
      if (!this.#waiters.has(waiter)) continue;
      const own = tasks.slice(given, given + waiter.request.freeSlots);
      given += own.length;
      if (own.length > 0) this.#answer(waiter, { tasks: own, commands: [] });
      else if (waiter.until <= performance.now()) this.#answer(waiter, nothing);
    }
    await this.handBack(tasks.slice(given), runnerId);
    return raced;
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

class Waiter {
  readonly request: LeaseRequest;
  readonly resolve: (response: LeaseResponse) => void;
  /** Milliseconds of `performance.now()`. */
  readonly until: number;
  timer: NodeJS.Timeout | undefined;

  constructor(request: LeaseRequest, resolve: (response: LeaseResponse) => void) {
    this.request = request;
    this.resolve = resolve;
    this.until = performance.now() + request.waitMs;
  }
}

/** Requests for tasks, by runner; whoever waits longest comes first. */
function groupByRunner(waiters: ReadonlySet<Waiter>): Waiter[][] {
  const groups = new Map<string, Waiter[]>();
  for (const waiter of waiters) {
    if (waiter.request.freeSlots === 0) continue;
    const group = groups.get(waiter.request.runnerId);
    if (group === undefined) groups.set(waiter.request.runnerId, [waiter]);
    else group.push(waiter);
  }
  return [...groups.values()];
}
