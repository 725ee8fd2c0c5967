import type { Cluster } from "./cluster.ts";
import type { ReadyStep, Runner } from "./cluster-types.ts";
import { canRunNow, place, type Placement } from "./place.ts";
import type { Line, ReadyModel } from "./ready-index.ts";
import type { Turn } from "./turn.ts";

/** A step that a runner could begin now. */
export interface Candidate {
  readonly line: Line;
  readonly turn: Turn;
  /** Of all that it needs, ms. */
  readonly loadMs: number;
  /** Its model is on the runner's device. */
  readonly isResident: boolean;
}

export interface Head {
  readonly line: Line;
  readonly turn: Turn;
}

/** Steps of a line that are looked at for their adapters. */
export const adapterWindow = 8;

export interface Candidates {
  readonly candidates: readonly Candidate[];
  /** When to look again at what was left for others, or has to be read first, ms; null: there is no such step. */
  readonly leftUntilMs: number | null;
}

/**
 * What a runner might begin: of each model that it holds the step whose turn it is; of the models that nobody holds the
 * first in fair order; of those that others hold the one with the longest line. Nothing that others end sooner,
 * nor what has to be read first.
 */
export function listCandidates(cluster: Cluster, runner: Runner, nowMs: number): Candidates {
  const candidates: Candidate[] = [];
  let leftUntilMs: number | null = null;
  const consider = (model: ReadyModel | undefined): boolean => {
    const head = headFor(model, (step) => canRunNow(runner, step), runner.workspaceId);
    return head !== undefined && considerTurn(head);
  };
  const considerTurn = (head: Head): boolean => {
    const placement = place(cluster, runner, { step: head.turn.step, nowMs });
    if (placement.type !== "start") {
      leftUntilMs = Math.min(leftUntilMs ?? placement.untilMs, placement.untilMs);
      return false;
    }
    candidates.push(toCandidate(runner, head, placement));
    return true;
  };
  consider(cluster.ready.model(""));
  for (const [hash, { onDevice }] of runner.models) {
    const model = cluster.ready.model(hash);
    if (onDevice) for (const head of headsFor(runner, model)) considerTurn(head);
    else consider(model);
  }
  cluster.orphans.first(({ model }) => consider(model));
  cluster.crowds.first(({ model }) => !runner.models.has(model.hash) && consider(model));
  return { candidates, leftUntilMs };
}

/** Of a model's lines whose heads pass, the first in fair order; of one workspace only, where one is given. */
export function headFor(
  model: ReadyModel | undefined,
  passes: (step: ReadyStep) => boolean,
  workspaceId?: string,
): Head | undefined {
  if (workspaceId === undefined) return model?.lines.first(({ turn }) => passes(turn.step));
  for (const { line } of model?.lines.inOrder() ?? []) {
    const turn = line.turns.get(workspaceId);
    if (turn !== undefined && passes(turn.step)) return { line, turn };
  }
  return undefined;
}

/** The first turns of that line: one whose adapters are there may be worth beginning first. */
function* headsFor(runner: Runner, model: ReadyModel | undefined): Generator<Head> {
  const head = headFor(model, (step) => canRunNow(runner, step), runner.workspaceId);
  if (head === undefined) return;
  if (runner.workspaceId !== undefined) return yield head;
  const { line } = head;
  for (const turn of line.turns.firstOf(adapterWindow))
    if (canRunNow(runner, turn.step)) yield { line, turn };
}

function toCandidate(
  runner: Runner,
  { line, turn }: Head,
  { loadMs }: Extract<Placement, { type: "start" }>,
): Candidate {
  const { hash } = line.model;
  const isResident = hash === "" || runner.models.get(hash)?.onDevice === true;
  return { line, turn, loadMs, isResident };
}
