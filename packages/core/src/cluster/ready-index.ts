import { assert } from "../errors.ts";
import { modelOf, type ReadyStep } from "./cluster-types.ts";
import { KeyedHeap } from "./keyed-heap.ts";
import { compareText, compareTurns, type Turn } from "./turn.ts";
import { WorkspaceAccount } from "./workspace-account.ts";

/** READY steps that could share a batch: one op, one model, one batch key. */
export interface Line {
  readonly key: string;
  readonly op: string;
  readonly model: ReadyModel;
  /** One for each workspace that may have a step of it leased now. */
  readonly turns: KeyedHeap<string, Turn>;
  /** Steps, those of lower priorities and over a quota among them. */
  waiting: number;
}

/** READY steps of one model that may be leased now. */
export interface ReadyModel {
  readonly hash: string;
  /** By line key. */
  readonly lines: KeyedHeap<string, LineHead>;
  /** Sum of the service times of what may be leased now. */
  backlogMs: number;
  /** Steps, those of lower priorities and over a quota among them. */
  waiting: number;
}

interface LineHead {
  readonly line: Line;
  readonly turn: Turn;
}

interface Standing {
  readonly chargedMs: number;
  readonly id: string;
}

export interface ReadyIndexOptions {
  /** Leased steps that a workspace may have at most, unless another number was set for it. */
  readonly quota: number;
  /** Device time by which those who join are behind the others at most, ms. */
  readonly creditMs: number;
}

/**
 * READY steps in fair order: by workspace, by line, by model. It owns the workspaces' accounts. Every change costs
 * O(log n) for each line in which the workspace has steps of its highest priority.
 *
 * The order is that of deficit round robin with a quantum so small that a round never has to be walked: who was charged
 * least is next, and who comes back joins at the round that the others have reached.
 */
export class ReadyIndex {
  readonly #steps = new Map<string, ReadyStep>();
  readonly #accounts = new Map<string, WorkspaceAccount>();
  /** Workspaces with something that may be leased now. */
  readonly #standings = new KeyedHeap<string, Standing>(compareStandings);
  /** Workspaces with nothing at all. */
  readonly #resting = new KeyedHeap<string, Standing>(compareStandings);
  readonly #lines = new Map<string, Line>();
  readonly #models = new Map<string, ReadyModel>();
  readonly #quota: number;
  readonly #creditMs: number;
  readonly #onModel: (hash: string) => void;
  #roundMs = 0;
  #backlogMs = 0;

  /** `onModel` is called after every change of what is READY of a model. */
  constructor(onModel: (hash: string) => void, options: Partial<ReadyIndexOptions> = {}) {
    this.#quota = options.quota ?? Number.POSITIVE_INFINITY;
    this.#creditMs = options.creditMs ?? 0;
    this.#onModel = onModel;
  }

  get size(): number {
    return this.#steps.size;
  }

  /** Sum of the service times of all that is READY. */
  get backlogMs(): number {
    return this.#backlogMs;
  }

  /** Workspaces with something that may be leased now. */
  get activeWorkspaces(): number {
    return this.#standings.size;
  }

  /** Device time that the active workspace which is furthest behind was charged. */
  get roundMs(): number {
    return Math.max(this.#roundMs, this.#standings.peek()?.chargedMs ?? 0);
  }

  /** Where those join who had nothing. */
  get #joinMs(): number {
    return this.roundMs - this.#creditMs;
  }

  step(id: string): ReadyStep | undefined {
    return this.#steps.get(id);
  }

  model(hash: string): ReadyModel | undefined {
    return this.#models.get(hash);
  }

  knownAccount(workspaceId: string): WorkspaceAccount | undefined {
    return this.#accounts.get(workspaceId);
  }

  account(workspaceId: string): WorkspaceAccount {
    const account =
      this.#accounts.get(workspaceId) ?? new WorkspaceAccount(workspaceId, this.#quota);
    this.#accounts.set(workspaceId, account);
    return account;
  }

  /** A step that is known is replaced. */
  add(step: ReadyStep): void {
    this.remove(step.id);
    const account = this.account(step.workspaceId);
    this.#steps.set(step.id, step);
    this.#backlogMs += step.serviceMs;
    this.#resting.delete(account.id);
    const line = this.#line(step);
    line.waiting += 1;
    line.model.waiting += 1;
    account.add(step, line.key);
    if (account.isShownStep(step)) line.model.backlogMs += step.serviceMs;
    this.#show(account, [line.key]);
  }

  remove(stepId: string): ReadyStep | undefined {
    const step = this.#steps.get(stepId);
    if (step !== undefined) this.#drop(step);
    return step;
  }

  /** Takes a step out because it is leased, and charges its workspace with the estimate, load included. */
  take(stepId: string, chargeMs: number): void {
    const step = this.#steps.get(stepId);
    assert(step !== undefined, "only a READY step is leased");
    this.#roundMs = this.roundMs;
    const account = this.account(step.workspaceId);
    account.running += 1;
    account.chargedMs += chargeMs;
    this.#drop(step);
    this.#show(account, [], account.shownLines());
  }

  /** A leased step has ended: `correctionMs` is what it really cost less what was charged. */
  end(workspaceId: string, correctionMs: number): void {
    const account = this.account(workspaceId);
    account.running -= 1;
    this.charge(workspaceId, correctionMs);
    this.#rest(account);
  }

  charge(workspaceId: string, ms: number): void {
    const account = this.account(workspaceId);
    account.chargedMs += ms;
    this.#show(account, [], account.shownLines());
  }

  /** Leased steps that a workspace may have at most. */
  setQuota(workspaceId: string, steps: number): void {
    const account = this.account(workspaceId);
    account.quota = steps;
    this.#show(account, []);
    this.#rest(account);
  }

  #drop(step: ReadyStep): void {
    this.#steps.delete(step.id);
    this.#backlogMs -= step.serviceMs;
    const account = this.account(step.workspaceId);
    const line = this.#line(step);
    account.remove(step, line.key);
    if (account.isShownStep(step)) line.model.backlogMs -= step.serviceMs;
    line.waiting -= 1;
    line.model.waiting -= 1;
    this.#show(account, [line.key]);
    if (line.waiting === 0) this.#lines.delete(line.key);
    if (line.model.waiting === 0) this.#models.delete(line.model.hash);
    this.#rest(account);
  }

  /** Forgets accounts without work that the others have caught up with: they would come back at the same place. */
  #rest(account: WorkspaceAccount): void {
    const { id, chargedMs, ready, running, quota } = account;
    if (ready === 0 && running === 0 && quota === this.#quota)
      this.#resting.set(id, { id, chargedMs });
    for (let top = this.#resting.peek(); top !== undefined; top = this.#resting.peek()) {
      if (top.chargedMs > this.#joinMs) return;
      this.#resting.delete(top.id);
      this.#accounts.delete(top.id);
    }
  }

  /** Brings what others see of a workspace up to date: which priority of each op, lines that have changed, and turns in others. */
  #show(
    account: WorkspaceAccount,
    changed: readonly string[],
    others: readonly string[] = [],
  ): void {
    const lines = new Set(changed);
    // Who had nothing that could be leased, be it for its quota, does not get that time back.
    if (!account.isShown) account.chargedMs = Math.max(account.chargedMs, this.#joinMs);
    for (const op of account.opsToShow()) {
      for (const key of account.shownLinesOf(op)) lines.add(key);
      this.#countAll(account, op, -1);
      account.show(op);
      this.#countAll(account, op, 1);
      for (const key of account.shownLinesOf(op)) lines.add(key);
    }
    const { id, chargedMs } = account;
    if (account.isShown) this.#standings.set(id, { id, chargedMs });
    else this.#standings.delete(id);
    const models = new Set<string>();
    for (const key of lines) {
      this.#publish(account, key);
      models.add(this.#lines.get(key)?.model.hash ?? "");
    }
    for (const key of others)
      if (!lines.has(key) && this.#publish(account, key))
        models.add(this.#lines.get(key)?.model.hash ?? "");
    for (const hash of models) this.#onModel(hash);
  }

  /** Brings a workspace's turn in a line up to date; whether the first turn there has changed. */
  #publish(account: WorkspaceAccount, key: string): boolean {
    const line = this.#lines.get(key);
    if (line === undefined) return false;
    const step = account.shownQueue(line)?.steps.peek();
    if (step === undefined) line.turns.delete(account.id);
    else line.turns.set(account.id, { chargedMs: account.chargedMs, step });
    const turn = line.turns.peek();
    const { lines } = line.model;
    if (lines.get(key)?.turn === turn) return false;
    if (turn === undefined) lines.delete(key);
    else lines.set(key, { line, turn });
    return true;
  }

  #countAll(account: WorkspaceAccount, op: string, sign: 1 | -1): void {
    for (const key of account.shownLinesOf(op)) {
      const line = this.#lines.get(key);
      if (line !== undefined)
        line.model.backlogMs += sign * (account.shownQueue(line)?.serviceMs ?? 0);
    }
  }

  #line(step: ReadyStep): Line {
    const hash = modelOf(step);
    const key = `${step.op}\n${hash}\n${step.batchKey}`;
    const known = this.#lines.get(key);
    if (known !== undefined) return known;
    const model = this.#models.get(hash) ?? {
      hash,
      lines: new KeyedHeap((first: LineHead, second: LineHead) =>
        compareTurns(first.turn, second.turn),
      ),
      backlogMs: 0,
      waiting: 0,
    };
    this.#models.set(hash, model);
    const turns = new KeyedHeap<string, Turn>(compareTurns);
    const line = { key, op: step.op, model, turns, waiting: 0 };
    this.#lines.set(key, line);
    return line;
  }
}

function compareStandings(first: Standing, second: Standing): number {
  return first.chargedMs - second.chargedMs || compareText(first.id, second.id);
}
