import type { Cluster } from "./cluster.ts";
import type { Candidate } from "./candidates.ts";
import type { ReadyStep, Runner } from "./cluster-types.ts";
import { compareTurns, type Turn } from "./turn.ts";

/**
 * The step that was picked and those of its line that share its batch, in fair order: as many as the measured profile of
 * the runner allows and as it has slots for. Nobody joins whose workspace would be more than `aheadMs` ahead, is over its
 * quota, or whose adapters would have to be loaded first.
 */
export function formBatch(cluster: Cluster, runner: Runner, first: Candidate): ReadyStep[] {
  const { step } = first.turn;
  const cap = Math.min(
    runner.batchCaps.get(step.batchKey) ?? 1,
    runner.slots - runner.running.length,
  );
  if (cap <= 1) return [step];
  const latest = first.turn.chargedMs + cluster.options.aheadMs;
  const others = nextTurns(cluster, first, cap).filter(
    (turn) => turn.step.id !== step.id && turn.chargedMs <= latest && isReadyOn(runner, turn.step),
  );
  return [step, ...others.slice(0, cap - 1).map((turn) => turn.step)];
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
    for (const next of account.shownQueue(line.key)?.steps.inOrder() ?? []) {
      if (left <= 0) break;
      left -= 1;
      turns.push({ chargedMs, step: next });
      chargedMs += next.serviceMs;
    }
  }
  return turns.toSorted(compareTurns);
}

function isReadyOn(runner: Runner, step: ReadyStep): boolean {
  return step.adapters.every(({ hash }) => runner.adapters.get(hash)?.onDevice === true);
}
