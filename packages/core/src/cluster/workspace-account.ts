import { KeyedHeap } from "./keyed-heap.ts";
import type { ReadyStep } from "./cluster-types.ts";
import { compareSteps } from "./turn.ts";

/** READY steps of one workspace, one priority and one line. */
interface StepQueue {
  readonly steps: KeyedHeap<string, ReadyStep>;
  serviceMs: number;
}

/** READY steps of one op, by priority, then by line. */
interface Lane {
  readonly levels: Map<number, Map<string, StepQueue>>;
  /** The priority whose steps may be leased now; null: none. */
  shown: number | null;
}

/** What names a line within an account. */
interface LineName {
  readonly key: string;
  readonly op: string;
}

/**
 * What a workspace has waiting, and what it was charged. Owned by `ReadyIndex`. Of each op its highest priority may be
 * leased: steps of different ops are often done by different runners, and none should stand idle for another's sake.
 */
export class WorkspaceAccount {
  readonly id: string;
  chargedMs = 0;
  /** Leased steps. */
  running = 0;
  /** Leased steps at most. */
  quota: number;
  ready = 0;
  backlogMs = 0;
  readonly #lanes = new Map<string, Lane>();

  constructor(id: string, quota: number) {
    this.id = id;
    this.quota = quota;
  }

  /** Whether anything of it may be leased now. */
  get isShown(): boolean {
    for (const { shown } of this.#lanes.values()) if (shown !== null) return true;
    return false;
  }

  isShownStep({ op, priority }: ReadyStep): boolean {
    return this.#lanes.get(op)?.shown === priority;
  }

  /** Ops whose highest priority is not what is shown of them, unless the quota is used up. */
  opsToShow(): string[] {
    return [...this.#lanes].flatMap(([op, lane]) => (this.#due(lane) === lane.shown ? [] : [op]));
  }

  /** Shows the highest priority of an op, or nothing when the quota is used up. */
  show(op: string): void {
    const lane = this.#lanes.get(op);
    if (lane === undefined) return;
    lane.shown = this.#due(lane);
    if (lane.levels.size === 0) this.#lanes.delete(op);
  }

  add(step: ReadyStep, line: string): void {
    const lane = this.#lanes.get(step.op) ?? { levels: new Map(), shown: null };
    this.#lanes.set(step.op, lane);
    const level = lane.levels.get(step.priority) ?? new Map<string, StepQueue>();
    lane.levels.set(step.priority, level);
    const queue = level.get(line) ?? { steps: new KeyedHeap(compareSteps), serviceMs: 0 };
    level.set(line, queue);
    queue.steps.set(step.id, step);
    queue.serviceMs += step.serviceMs;
    this.ready += 1;
    this.backlogMs += step.serviceMs;
  }

  remove(step: ReadyStep, line: string): void {
    const levels = this.#lanes.get(step.op)?.levels;
    const level = levels?.get(step.priority);
    const queue = level?.get(line);
    if (levels === undefined || level === undefined || queue === undefined) return;
    queue.steps.delete(step.id);
    queue.serviceMs -= step.serviceMs;
    if (queue.steps.size === 0) level.delete(line);
    if (level.size === 0) levels.delete(step.priority);
    this.ready -= 1;
    this.backlogMs -= step.serviceMs;
  }

  /** Lines of what is shown of an op. */
  shownLinesOf(op: string): string[] {
    const lane = this.#lanes.get(op);
    return lane === undefined ? [] : [...(shownLevel(lane)?.keys() ?? [])];
  }

  /** Lines of all that is shown. */
  shownLines(): string[] {
    return [...this.#lanes.keys()].flatMap((op) => this.shownLinesOf(op));
  }

  /** What of a line may be leased now. */
  shownQueue({ op, key }: LineName): StepQueue | undefined {
    const lane = this.#lanes.get(op);
    return lane && shownLevel(lane)?.get(key);
  }

  #due({ levels }: Lane): number | null {
    return levels.size === 0 || this.running >= this.quota ? null : Math.max(...levels.keys());
  }
}

function shownLevel({ levels, shown }: Lane): Map<string, StepQueue> | undefined {
  return shown === null ? undefined : levels.get(shown);
}
