import type { LeaseResponse } from "@heddle/core";

/** A runner that asks for work. */
export interface LeaseRequest {
  readonly runnerId: string;
  /** Tasks wanted; 0: only commands are waited for. */
  readonly freeSlots: number;
  /** Milliseconds that the answer may wait. */
  readonly waitMs: number;
  /** Aborted when nobody reads the answer any more. */
  readonly signal: AbortSignal;
}

export const nothing: LeaseResponse = { tasks: [], commands: [] };

/** One request that has not been answered. */
export class Waiter {
  readonly request: LeaseRequest;
  readonly resolve: (response: LeaseResponse) => void;
  /** Steps are being leased for it. */
  isServed = false;
  /** Its wait was over meanwhile. */
  isOverdue = false;
  timer: NodeJS.Timeout | undefined;

  constructor(request: LeaseRequest, resolve: (response: LeaseResponse) => void) {
    this.request = request;
    this.resolve = resolve;
  }
}

/** Requests that have not been answered, by runner; whoever waits longest comes first. */
export class Waiters {
  readonly #byRunner = new Map<string, Set<Waiter>>();

  add(waiter: Waiter): void {
    const { runnerId } = waiter.request;
    const own = this.#byRunner.get(runnerId) ?? new Set<Waiter>();
    this.#byRunner.set(runnerId, own.add(waiter));
  }

  /** False: it was answered before. */
  delete(waiter: Waiter): boolean {
    const own = this.#byRunner.get(waiter.request.runnerId);
    const found = own?.delete(waiter) ?? false;
    if (own?.size === 0) this.#byRunner.delete(waiter.request.runnerId);
    return found;
  }

  has(waiter: Waiter): boolean {
    return this.#byRunner.get(waiter.request.runnerId)?.has(waiter) ?? false;
  }

  /** Whether anything of this runner is open. */
  hasAnyOf(runnerId: string): boolean {
    return this.#byRunner.has(runnerId);
  }

  /** Those that want tasks and for which none are being leased. */
  openOf(runnerId: string): Waiter[] {
    const own = [...(this.#byRunner.get(runnerId) ?? [])];
    return own.filter(({ request, isServed }) => request.freeSlots > 0 && !isServed);
  }

  /** The request of this runner that only listens for commands. */
  listenerOf(runnerId: string): Waiter | undefined {
    const own = [...(this.#byRunner.get(runnerId) ?? [])];
    return own.find(({ request }) => request.freeSlots === 0);
  }

  listening(): Waiter[] {
    return this.all().filter(({ request }) => request.freeSlots === 0);
  }

  runnerIds(): string[] {
    return [...this.#byRunner.keys()];
  }

  all(): Waiter[] {
    return [...this.#byRunner.values()].flatMap((own) => [...own]);
  }
}
