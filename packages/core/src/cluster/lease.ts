import { assert } from "../errors.ts";
import { listCandidates } from "./candidates.ts";
import { chooseEvictions } from "./choose-evictions.ts";
import type { Cluster } from "./cluster.ts";
import type { ReadyStep } from "./cluster-types.ts";
import { fairPick } from "./fair-pick.ts";
import { formBatch } from "./form-batch.ts";
import { isKeptFree } from "./keep-free.ts";
import { neededBy } from "./load-ms.ts";

export interface LeasedStep {
  readonly step: ReadyStep;
  /**
   * Device time that its workspace is charged with now, ms: estimate, and for the first of a batch its load. On a device
   * of its own it is charged with nothing.
   */
  readonly chargeMs: number;
}

export interface LeaseAnswer {
  /** One batch; empty: there is nothing for this runner. */
  readonly leased: readonly LeasedStep[];
  /** What it gives up on its device first. */
  readonly evict: readonly string[];
  /** When to ask again although nothing has happened, since what waits was left for others, ms; null: no need. */
  readonly askAgainMs: number | null;
}

/** What a runner should do now. It changes nothing: `cluster.take` does, once the lease is committed. */
export function lease(
  cluster: Cluster,
  { runnerId, nowMs }: { readonly runnerId: string; readonly nowMs: number },
): LeaseAnswer {
  const runner = cluster.fleet.get(runnerId);
  assert(runner !== undefined, "a runner that asks is known to the cluster");
  if (runner.running.length >= runner.slots) return { leased: [], evict: [], askAgainMs: null };
  if (isKeptFree(cluster, runner, nowMs)) return { leased: [], evict: [], askAgainMs: null };
  const { candidates, leftUntilMs } = listCandidates(cluster, runner, nowMs);
  const pick = fairPick(candidates, {
    nowMs,
    aheadMs: cluster.aheadMs,
    keepMs: cluster.options.keepMs,
    behind: cluster.ready.size / cluster.fleet.slots,
  });
  if (pick === undefined) return { leased: [], evict: [], askAgainMs: leftUntilMs };
  const leased = formBatch(cluster, runner, pick).map((step, index) => ({
    step,
    chargeMs:
      runner.workspaceId === undefined ? step.serviceMs + (index === 0 ? pick.loadMs : 0) : 0,
  }));
  const refs = leased.flatMap(({ step }) => [...neededBy(step)]);
  const evict = chooseEvictions(cluster, runner, { tier: "device", refs, nowMs });
  assert(evict !== null, "a candidate fits beside what runs");
  return { leased, evict, askAgainMs: null };
}
