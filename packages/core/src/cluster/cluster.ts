import {
  defaultClusterOptions,
  modelOf,
  type ClusterOptions,
  type ReadyStep,
  type Runner,
} from "./cluster-types.ts";
import { Fleet } from "./fleet.ts";
import { KeyedHeap } from "./keyed-heap.ts";
import type { LeasedStep } from "./lease.ts";
import { ReadyIndex, type ReadyModel } from "./ready-index.ts";
import { compareText, compareTurns, type Turn } from "./turn.ts";
import { UseCounts } from "./use-counts.ts";

/** A model that waits and that nobody holds. */
export interface Orphan {
  readonly model: ReadyModel;
  readonly turn: Turn;
}

/** A model that waits, and when those who hold it would have begun its last step, ms. */
export interface Crowd {
  readonly model: ReadyModel;
  readonly lastStartMs: number;
}

/**
 * What a dispatcher knows of a pool whose runners and READY steps it leads. Everything can be had again from the database
 * and from what the runners say next, so it is never stored. The functions beside this one answer questions about it;
 * only the methods here change it.
 */
export class Cluster {
  readonly options: ClusterOptions;
  readonly ready: ReadyIndex;
  readonly fleet: Fleet;
  readonly uses = new UseCounts();
  /** Runners that read an adapter for a READY step, by the step's id. */
  readonly fetching = new Map<string, string>();
  /** In fair order. */
  readonly orphans = new KeyedHeap<string, Orphan>((first, second) =>
    compareTurns(first.turn, second.turn),
  );
  /** The one that would wait longest first. */
  readonly crowds = new KeyedHeap<string, Crowd>(
    (first, second) =>
      second.lastStartMs - first.lastStartMs || compareText(first.model.hash, second.model.hash),
  );

  constructor(options: Partial<ClusterOptions> = {}) {
    this.options = { ...defaultClusterOptions, ...options };
    const onModel = (hash: string) => this.#refresh(hash);
    this.ready = new ReadyIndex(onModel, {
      quota: this.options.stepsPerWorkspace,
      creditMs: this.options.joinCreditMs,
    });
    this.fleet = new Fleet(onModel);
  }

  /** Device time by which a workspace may be ahead now, ms. */
  get aheadMs(): number {
    return this.options.aheadMs * Math.max(1, this.fleet.slots);
  }

  addStep(step: ReadyStep): void {
    this.ready.add(step);
  }

  /** It was cancelled, or somebody else leased it. */
  removeStep(stepId: string): void {
    this.ready.remove(stepId);
    this.fetching.delete(stepId);
  }

  setRunner(runner: Runner): void {
    this.fleet.set(runner);
  }

  removeRunner(id: string): void {
    this.fleet.remove(id);
    for (const [stepId, runnerId] of this.fetching)
      if (runnerId === id) this.fetching.delete(stepId);
  }

  /** Steps are leased: they wait no more, and their workspaces are charged. What their runner does is told by `setRunner`. */
  take(leased: readonly LeasedStep[], nowMs: number): void {
    for (const { step, chargeMs } of leased) {
      this.ready.take(step.id, chargeMs);
      this.fetching.delete(step.id);
      for (const { hash } of [...step.weights, ...step.adapters]) this.uses.count(hash, nowMs);
    }
  }

  #refresh(hash: string): void {
    const model = this.ready.model(hash);
    const turn = model?.lines.peek()?.turn;
    const holders = this.fleet.holders(hash);
    const first = holders?.peek();
    if (model === undefined || turn === undefined || modelOf(turn.step) === "") {
      this.orphans.delete(hash);
      this.crowds.delete(hash);
    } else if (holders === undefined || first === undefined) {
      this.orphans.set(hash, { model, turn });
      this.crowds.delete(hash);
    } else {
      this.orphans.delete(hash);
      const beforeMs = Math.max(0, model.backlogMs - turn.step.serviceMs);
      const lastStartMs = first.startMs + beforeMs / holders.size;
      this.crowds.set(hash, { model, lastStartMs });
    }
  }
}
