import type { Clock, Server } from "./event-loop.ts";
import { anyIdle, createFirstCome } from "./first-come.ts";
import type { LruDevice } from "./lru-device.ts";
import type { Zoo } from "./zoo.ts";

/** How a static pool is cut: the first `dedicated` models have devices of their own, the others share what is left. */
export interface PoolPlan {
  readonly dedicated: number;
  /** How much more of the devices the shared part gets than its share of the requests: it loads, the others never do. */
  readonly sharedWeight: number;
}

/** Plans that are tried at every load. */
export function poolPlans(runners: number): PoolPlan[] {
  const counts = [1, 2, 3, 4, 6, 8, 12, 16, 24].filter((count) => count < runners);
  return counts.flatMap((dedicated) =>
    [1, 1.5, 2, 3].map((sharedWeight) => ({ dedicated, sharedWeight })),
  );
}

export interface PoolsOptions {
  readonly zoo: Zoo;
  readonly devices: readonly LruDevice[];
  readonly plan: PoolPlan;
}

/** Each model's requests go to the devices that were set apart for it, and nowhere else. */
export function createPools(clock: Clock, { zoo, devices, plan }: PoolsOptions): Server {
  const counts = sharesOut(zoo, devices.length, plan);
  let taken = 0;
  const parts = counts.map((count) => {
    const own = devices.slice(taken, taken + count);
    taken += count;
    return createFirstCome(clock, { devices: own, choose: anyIdle, window: 1 });
  });
  const partOf = new Map(
    zoo.models.map(({ ref }, rank) => [ref.hash, parts[Math.min(rank, plan.dedicated)]]),
  );
  return { arrive: (request, nowMs) => partOf.get(request.model.ref.hash)?.arrive(request, nowMs) };
}

/** Devices of each dedicated model, then of the shared part: one each, the others one by one where most is asked of one. */
function sharesOut(zoo: Zoo, devices: number, { dedicated, sharedWeight }: PoolPlan): number[] {
  const { shares } = zoo.pickModel;
  const own = shares.slice(0, dedicated);
  const rest = 1 - own.reduce((sum, share) => sum + share, 0);
  const demands = [...own, rest * sharedWeight];
  const counts = demands.map(() => 1);
  for (let left = devices - demands.length; left > 0; left -= 1) {
    let busiest = 0;
    for (const [place, demand] of demands.entries())
      if (demand / (counts[place] ?? 1) > (demands[busiest] ?? 0) / (counts[busiest] ?? 1))
        busiest = place;
    counts[busiest] = (counts[busiest] ?? 0) + 1;
  }
  return counts;
}
