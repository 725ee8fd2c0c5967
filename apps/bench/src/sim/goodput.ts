import { neededMs } from "./slo.ts";
import { Clock, type Outcome } from "./event-loop.ts";
import type { Policy } from "./policies.ts";
import { createTraffic, meanServiceMs, type SimRequest } from "./traffic.ts";
import type { Zoo } from "./zoo.ts";

/** Of the requests, those that have to end in time. */
const wantedShare = 0.9;
/** Of the requests, the first that are not counted: nothing is loaded yet. */
const warmUpShare = 0.1;
/** Loads are told apart by this much. */
const precision = 0.005;

export interface GoodputOptions {
  readonly zoo: Zoo;
  readonly runners: number;
  readonly requests: number;
  readonly seed: number;
  /** A request is in time within this many times what it takes on an idle, empty runner. */
  readonly sloScale: number;
}

/** What one policy did with one load. */
export interface Measured {
  /** Device time without loads that was asked for, of all device time. */
  readonly load: number;
  /** Of the requests, those that ended in time. */
  readonly inTime: number;
  /** Device time of a request, load included, s. */
  readonly deviceSeconds: number;
  /** Of the device time, what went into loads. */
  readonly loadShare: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** The highest load, to 0.005, at which 90 % of the requests end in time, by bisection; every load is tried on the same users. */
export function findGoodput(policy: Policy, options: GoodputOptions): Measured {
  let low = 0;
  let high = 1.2;
  let best: Measured | undefined;
  while (high - low > precision) {
    const load = (low + high) / 2;
    const measured = measure(policy, load, options);
    if (measured.inTime >= wantedShare) {
      low = load;
      best = measured;
    } else high = load;
  }
  return best ?? { ...measure(policy, precision, options), load: 0 };
}

/** The best of a policy's variants at a load. */
export function measure(policy: Policy, load: number, options: GoodputOptions): Measured {
  const { zoo, runners, requests: count, seed } = options;
  const perSecond = (load * runners * 1_000) / meanServiceMs();
  const requests = createTraffic(zoo, { seed, requests: count, perSecond });
  let best: Measured | undefined;
  for (const create of policy.variants(runners)) {
    const clock = new Clock();
    const outcomes = clock.play(requests, create({ clock, zoo, runners }));
    if (outcomes.length !== requests.length)
      throw new Error(`${policy.name} lost ${requests.length - outcomes.length} requests`);
    const measured = { load, ...summarise(outcomes, requests, options.sloScale) };
    if (best === undefined || measured.inTime > best.inTime) best = measured;
    if (best.inTime >= wantedShare) break;
  }
  if (best === undefined) throw new Error(`${policy.name} has no variant`);
  return best;
}

function summarise(
  outcomes: readonly Outcome[],
  requests: readonly SimRequest[],
  sloScale: number,
): Omit<Measured, "load"> {
  const fromMs = requests[Math.floor(requests.length * warmUpShare)]?.atMs ?? 0;
  const counted = outcomes.filter(({ request }) => request.atMs >= fromMs);
  const times = counted.map(({ request, endMs }) => endMs - request.atMs).toSorted((a, b) => a - b);
  const timeAt = (share: number) => times[Math.floor(share * times.length)] ?? 0;
  const inTime = counted.filter(
    ({ request, endMs }) => endMs - request.atMs <= sloScale * neededMs(request),
  );
  const loadMs = counted.reduce((sum, outcome) => sum + outcome.loadMs, 0);
  const serviceMs = counted.reduce((sum, { request }) => sum + request.serviceMs, 0);
  return {
    inTime: inTime.length / counted.length,
    deviceSeconds: (loadMs + serviceMs) / counted.length / 1_000,
    loadShare: loadMs / (loadMs + serviceMs),
    medianMs: timeAt(0.5),
    p99Ms: timeAt(0.99),
  };
}
