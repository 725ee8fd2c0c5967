import type { Cluster } from "./cluster.ts";
import type { Candidate } from "./candidates.ts";
import type { ReadyStep, Runner } from "./cluster-types.ts";
import { neededBy, neededByRunning } from "./load-ms.ts";
import { serves } from "./place.ts";
import { neededBytes } from "./needed-bytes.ts";
import { compareTurns, type Turn } from "./turn.ts";

/**
 * The step that was picked and those of its line that share its batch, in fair order: as many as the measured profile of
 * the runner allows and as it has slots for. Nobody joins whose workspace would be more than `aheadMs` ahead, is over its
 * quota, whose adapters would have to be loaded first, or for whose adapters there is no room beside those of the others.
 */
export function formBatch(cluster: Cluster, runner: Runner, first: Candidate): ReadyStep[] {
  const { step } = first.turn;
  const cap = Math.min(
    runner.batchCaps.get(step.batchKey) ?? 1,
    runner.slots - runner.running.length,
  );
  if (cap <= 1) return [step];
  const latest = first.turn.chargedMs + cluster.aheadMs;
  const others = nextTurns(cluster, first, cap).filter(
    (turn) =>
      turn.step.id !== step.id &&
      turn.chargedMs <= latest &&
      serves(runner, turn.step) &&
      isReadyOn(runner, turn.step),
  );
  return fill(runner, [step, ...others.map((turn) => turn.step)], cap);
}

/** The first turns of a line, were they taken one after the other. */
function nextTurns(cluster: Cluster, { line }: Candidate, count: number): Turn[] {
  const turns: Turn[] = [];
  let workspaces = 0;
  for (const { step } of line.turns.inOrder()) {
    if (workspaces === count) break;
    workspaces += 1;
    const account = cluster.ready.account(step.workspaceId);
    let { chargedMs } = account;
    let left = Math.min(count, account.quota - account.running);
    for (const next of account.shownQueue(line)?.steps.inOrder() ?? []) {
      if (left <= 0) break;
      left -= 1;
      turns.push({ chargedMs, step: next });
      chargedMs += next.serviceMs;
    }
  }
  return turns.toSorted(compareTurns);
}

/** The first, and of the others those that the device has the memory for, in their order. */
function fill(runner: Runner, [first, ...others]: ReadyStep[], cap: number): ReadyStep[] {
  if (first === undefined) return [];
  const batch = [first];
  const refs = [...neededByRunning(runner), ...neededBy(first)];
  for (const step of others) {
    if (batch.length === cap) break;
    if (neededBytes(runner, [...refs, ...neededBy(step)]) > runner.deviceBytes) continue;
    batch.push(step);
    refs.push(...neededBy(step));
  }
  return batch;
}

function isReadyOn(runner: Runner, step: ReadyStep): boolean {
  return step.adapters.every(({ hash }) => runner.adapters.get(hash)?.onDevice === true);
}
