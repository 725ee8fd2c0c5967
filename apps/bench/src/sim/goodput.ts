import { neededMs } from "./slo.ts";
import { Clock, type Outcome } from "./event-loop.ts";
import type { Policy } from "./policies.ts";
import { createTraffic, meanServiceMs } from "./traffic.ts";
import type { Zoo } from "./zoo.ts";

/** Of the requests, those that have to end in time. */
const wantedShare = 0.9;
/** Of the requests, the first that are not counted: nothing is loaded yet. */
const warmUpShare = 0.1;
/** Loads are told apart by this much. */
const precision = 0.01;

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

/**
 * The highest load, to 0.01, at which 90 % of the requests end in time, by bisection below `high`; every load is tried on the
 * same users.
 */
export function findGoodput(policy: Policy, options: GoodputOptions, high: number): Measured {
  let [low, tooHigh] = [0, high];
  let best: Measured | undefined;
  while (tooHigh - low > precision) {
    const load = (low + tooHigh) / 2;
    const measured = measure(policy, load, options);
    if (measured === undefined) tooHigh = load;
    else {
      low = load;
      best = measured;
    }
  }
  return best ?? nothing;
}

const nothing: Measured = {
  load: 0,
  inTime: 0,
  deviceSeconds: Number.NaN,
  loadShare: Number.NaN,
  medianMs: Number.NaN,
  p99Ms: Number.NaN,
};

/** What the first of a policy's variants does that has 90 % in time at a load; undefined: none has. */
export function measure(
  policy: Policy,
  load: number,
  options: GoodputOptions,
): Measured | undefined {
  const { zoo, runners, requests: count, seed, sloScale } = options;
  const perSecond = (load * runners * 1_000) / meanServiceMs();
  const requests = createTraffic(zoo, { seed, requests: count, perSecond });
  const fromMs = requests[Math.floor(count * warmUpShare)]?.atMs ?? 0;
  const isCounted = ({ request }: Outcome) => request.atMs >= fromMs;
  const mostLate = (1 - wantedShare) * requests.filter(({ atMs }) => atMs >= fromMs).length;
  for (const create of policy.variants(runners)) {
    const clock = new Clock();
    let late = 0;
    const outcomes = clock.play(requests, create({ clock, zoo, runners }), (outcome) => {
      if (isCounted(outcome) && !isInTime(outcome, sloScale)) late += 1;
      return late > mostLate;
    });
    if (late > mostLate) continue;
    if (outcomes.length !== requests.length)
      throw new Error(`${policy.name} lost ${requests.length - outcomes.length} requests`);
    return { load, ...summarise(outcomes.filter(isCounted), sloScale) };
  }
  return undefined;
}

function isInTime({ request, endMs }: Outcome, sloScale: number): boolean {
  return endMs - request.atMs <= sloScale * neededMs(request);
}

function summarise(counted: readonly Outcome[], sloScale: number): Omit<Measured, "load"> {
  const times = counted.map(({ request, endMs }) => endMs - request.atMs).toSorted((a, b) => a - b);
  const timeAt = (share: number) => times[Math.floor(share * times.length)] ?? 0;
  const loadMs = counted.reduce((sum, outcome) => sum + outcome.loadMs, 0);
  const serviceMs = counted.reduce((sum, { request }) => sum + request.serviceMs, 0);
  return {
    inTime: counted.filter((outcome) => isInTime(outcome, sloScale)).length / counted.length,
    deviceSeconds: (loadMs + serviceMs) / counted.length / 1_000,
    loadShare: loadMs / (loadMs + serviceMs),
    medianMs: timeAt(0.5),
    p99Ms: timeAt(0.99),
  };
}
