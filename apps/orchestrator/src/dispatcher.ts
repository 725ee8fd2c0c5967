import type { Command, LeaseResponse, Task } from "@heddle/core";
import { cancelNews, claimTasks, completeTasks, findCanceled, type Database, type EngineOptions } from "@heddle/db";
import type { Log } from "@heddle/infra";

/** A runner that asks for work. */
export interface LeaseWish {
  readonly runnerId: string;
  readonly ops: readonly string[];
  /** Tasks wanted; 0: only commands are waited for. */
  readonly freeSlots: number;
  /** Milliseconds that the answer may wait. */
  readonly waitMs: number;
  /** Aborted when nobody reads the answer any more. */
  readonly signal: AbortSignal;
}

/**
 * Gives READY steps to the runners that wait for them. It owns the waiting requests; the steps are Postgres's, and a
 * claim takes them from any number of dispatchers at once.
 */
export interface Dispatcher {
  /** Answers as soon as there is a task or a command, or when the wait is over. */
  lease(wish: LeaseWish): Promise<LeaseResponse>;
  /** Something may be READY. */
  wake(): void;
  /** Gives back what was leased to a runner that no longer listens. */
  handBack(tasks: readonly Task[], runnerId: string): Promise<void>;
  /** News on the channel `heddle_ready`. */
  hear(payload: string): void;
  /** Answers everybody who waits, and gives nothing out any more. */
  close(): void;
}

interface Waiter {
  readonly wish: LeaseWish;
  /** Milliseconds of `performance.now()`. */
  readonly until: number;
  readonly answer: (response: LeaseResponse) => void;
}

interface DispatcherOptions {
  readonly database: Database;
  readonly engine: EngineOptions;
  readonly leaseMs: number;
  readonly log: Log;
}

const nothing: LeaseResponse = { tasks: [], commands: [] };
/** After an error of the database. */
const pauseMs = 200;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const waiters = new Set<Waiter>();
  let pumping = false;
  let again = false;
  let closed = false;

  function wake(): void {
    again = true;
    if (pumping || closed) return;
    pumping = true;
    void pump().finally(() => {
      pumping = false;
      if (again && !closed) setTimeout(wake, pauseMs);
    });
  }

  /** One claim at a time: whoever comes meanwhile is served by the next one, together with the others. */
  async function pump(): Promise<void> {
    while (again && !closed) {
      again = false;
      for (const group of groupByRunner(waiters)) {
        try {
          if (await serve(group)) again = true;
        } catch (error) {
          options.log.warn({ err: error }, "no tasks could be claimed");
          again = true;
          return;
        }
      }
    }
  }

  /** Claims for the requests of one runner. True: it is worth asking again at once. */
  async function serve(group: readonly Waiter[]): Promise<boolean> {
    const [first] = group;
    if (first === undefined) return false;
    const { runnerId, ops } = first.wish;
    const limit = group.reduce((sum, { wish }) => sum + wish.freeSlots, 0);
    const { tasks, raced } = await claimTasks(options.database, { runnerId, ops, limit, leaseMs: options.leaseMs });
    let next = 0;
    for (const waiter of group) {
      if (!waiters.has(waiter)) continue;
      const own = tasks.slice(next, next + waiter.wish.freeSlots);
      next += own.length;
      if (own.length > 0) settle(waiter, { tasks: own, commands: [] });
      else if (waiter.until <= performance.now()) settle(waiter, nothing);
    }
    await handBack(tasks.slice(next), runnerId);
    return raced;
  }

  async function handBack(tasks: readonly Task[], runnerId: string): Promise<void> {
    for (const { taskId, epoch, runId } of tasks) {
      const completion = { runnerId, taskId, epoch, result: { status: "canceled" as const } };
      await completeTasks(options.database, { ...options.engine, runId, completions: [completion] });
      wake();
    }
  }

  function settle(waiter: Waiter, response: LeaseResponse): void {
    if (waiters.delete(waiter)) waiter.answer(response);
  }

  function lease(wish: LeaseWish): Promise<LeaseResponse> {
    if (closed || wish.signal.aborted) return Promise.resolve(nothing);
    return new Promise((resolve) => {
      const onTime = () => {
        // A claim under way may still bring something; it ends the wait itself.
        if (!pumping || wish.freeSlots === 0) settle(waiter, nothing);
      };
      const timer = setTimeout(onTime, wish.waitMs);
      const onAbort = () => settle(waiter, nothing);
      const waiter: Waiter = {
        wish,
        until: performance.now() + wish.waitMs,
        answer: (response) => {
          clearTimeout(timer);
          wish.signal.removeEventListener("abort", onAbort);
          resolve(response);
        },
      };
      wish.signal.addEventListener("abort", onAbort);
      waiters.add(waiter);
      if (wish.freeSlots > 0) wake();
      else void tellCanceled([waiter]);
    });
  }

  async function tellCanceled(group: readonly Waiter[]): Promise<void> {
    for (const waiter of group) {
      try {
        const leases = await findCanceled(options.database, waiter.wish.runnerId);
        const commands = leases.map((held): Command => ({ type: "cancel", ...held }));
        if (commands.length > 0) settle(waiter, { tasks: [], commands });
      } catch (error) {
        // The next heartbeat says it.
        options.log.warn({ err: error }, "a runner could not be told of a cancelled run");
      }
    }
  }

  return {
    lease,
    wake,
    handBack,
    hear: (payload) => {
      if (payload !== cancelNews) return wake();
      void tellCanceled([...waiters].filter(({ wish }) => wish.freeSlots === 0));
    },
    close: () => {
      closed = true;
      for (const waiter of [...waiters]) settle(waiter, nothing);
    },
  };
}

/** Requests for tasks, by runner; whoever waits longest comes first. */
function groupByRunner(waiters: ReadonlySet<Waiter>): Waiter[][] {
  const groups = new Map<string, Waiter[]>();
  for (const waiter of waiters) {
    if (waiter.wish.freeSlots === 0) continue;
    const group = groups.get(waiter.wish.runnerId);
    if (group === undefined) groups.set(waiter.wish.runnerId, [waiter]);
    else group.push(waiter);
  }
  return [...groups.values()];
}
