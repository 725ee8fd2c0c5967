import { KeyedHeap } from "./keyed-heap.ts";
import type { ReadyStep } from "./cluster-types.ts";
import { compareSteps } from "./turn.ts";

/** READY steps of one workspace, one priority and one line. */
interface StepQueue {
  readonly steps: KeyedHeap<string, ReadyStep>;
  serviceMs: number;
}

/** What a workspace has waiting, and what it was charged. Owned by `ReadyIndex`. */
export class WorkspaceAccount {
  readonly id: string;
  chargedMs = 0;
  /** Leased steps. */
  running = 0;
  /** Leased steps at most. */
  quota: number;
  ready = 0;
  backlogMs = 0;
  /** The priority whose steps may be leased now; null: none. */
  shown: number | null = null;
  readonly #levels = new Map<number, Map<string, StepQueue>>();

  constructor(id: string, quota: number) {
    this.id = id;
    this.quota = quota;
  }

  /** Which priority should be shown: the highest, unless the quota is used up. */
  priorityDue(): number | null {
    return this.ready === 0 || this.running >= this.quota ? null : Math.max(...this.#levels.keys());
  }

  add(step: ReadyStep, line: string): void {
    const level = this.#levels.get(step.priority) ?? new Map<string, StepQueue>();
    this.#levels.set(step.priority, level);
    const queue = level.get(line) ?? { steps: new KeyedHeap(compareSteps), serviceMs: 0 };
    level.set(line, queue);
    queue.steps.set(step.id, step);
    queue.serviceMs += step.serviceMs;
    this.ready += 1;
    this.backlogMs += step.serviceMs;
  }

  remove(step: ReadyStep, line: string): void {
    const level = this.#levels.get(step.priority);
    const queue = level?.get(line);
    if (level === undefined || queue === undefined) return;
    queue.steps.delete(step.id);
    queue.serviceMs -= step.serviceMs;
    if (queue.steps.size === 0) level.delete(line);
    if (level.size === 0) this.#levels.delete(step.priority);
    this.ready -= 1;
    this.backlogMs -= step.serviceMs;
  }

  /** Lines of a priority. */
  linesAt(priority: number | null): string[] {
    return priority === null ? [] : [...(this.#levels.get(priority)?.keys() ?? [])];
  }

  /** What of a line may be leased now. */
  shownQueue(line: string): StepQueue | undefined {
    return this.shown === null ? undefined : this.#levels.get(this.shown)?.get(line);
  }
}
