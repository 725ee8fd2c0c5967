import { createRandom } from "../serve/random.ts";
import { drawExponential, drawNormal } from "./draw.ts";
import type { Zoo, ZooWeights } from "./zoo.ts";

/** What is published of the GenTD26 trace, and what was assumed where it is silent. */
export const trafficShape = {
  /** Of requests, those with a LoRA. */
  adapterShare: 0.22,
  /** Of a user's requests after the first, those that keep the checkpoint. */
  keepShare: 0.72,
  /** Images of a request, by share: 2.7 on average. The four sizes are assumed. */
  images: [
    [1, 0.42],
    [2, 0.2],
    [4, 0.29],
    [8, 0.09],
  ],
  /**
   * Device time of an image. Chosen so that loads are two thirds of the summed time, as published, where requests are served
   * first come, first served.
   */
  imageMs: 3_000,
  /** σ of the logarithm of the real device time around what was estimated. Assumed. */
  serviceSpread: 0.15,
  /** Variance over mean of arrivals in ten minutes. */
  dispersion: 27,
  /** Requests of a user in a row, and between them. Assumed. */
  sessionRequests: 6,
  thinkMs: 45_000,
  /** How long the rate stays up or down. Assumed. */
  swellMs: 1_800_000,
} as const;

const windowMs = 600_000;
const cellMs = 10_000;

export interface SimRequest {
  readonly id: string;
  readonly userId: string;
  readonly atMs: number;
  readonly model: ZooWeights;
  readonly adapters: readonly ZooWeights[];
  readonly images: number;
  /** Device time as a scheduler would estimate it, and as it is. */
  readonly estimateMs: number;
  readonly serviceMs: number;
}

export interface TrafficOptions {
  readonly seed: number;
  readonly requests: number;
  readonly perSecond: number;
}

/** Mean device time of a request, ms. */
export function meanServiceMs(): number {
  const images = trafficShape.images.reduce((sum, [count, share]) => sum + count * share, 0);
  return images * trafficShape.imageMs * Math.exp(trafficShape.serviceSpread ** 2 / 2);
}

/**
 * Requests in order of arrival. Users come by a Poisson process whose rate swells and falls (log-normal, Ornstein-Uhlenbeck),
 * and ask a geometric number of times. User k is the same at every rate and only comes sooner or later: what differs between
 * two rates is nothing but the rate.
 */
export function createTraffic(
  zoo: Zoo,
  { seed, requests, perSecond }: TrafficOptions,
): SimRequest[] {
  const users = createRandom(seed);
  const perMs = perSecond / 1_000 / trafficShape.sessionRequests;
  const swell = createSwell(seed + 1, swellOf(perSecond));
  const all: SimRequest[] = [];
  let lookAt = requests;
  let atMs = 0;
  for (let user = 0; ; user += 1) {
    atMs = swell.after(atMs, drawExponential(users, 1 / perMs));
    // Users come in order: once enough is before this one, nothing of those to come belongs to it. Looked at now and then.
    if (all.length >= lookAt) {
      const now = atMs;
      if (all.filter((one) => one.atMs <= now).length >= requests) break;
      lookAt = all.length * 1.05;
    }
    all.push(...createSession(zoo, { seed: seed * 1_000_003 + user, user, atMs }));
  }
  return all.toSorted((first, second) => first.atMs - second.atMs).slice(0, requests);
}

function createSession(
  zoo: Zoo,
  { seed, user, atMs }: { readonly seed: number; readonly user: number; readonly atMs: number },
): SimRequest[] {
  const random = createRandom(seed);
  const session: SimRequest[] = [];
  const keep = keepChance(zoo);
  let model = zoo.pickModel.pick(random);
  let dueMs = atMs;
  do {
    const adapters =
      random() < trafficShape.adapterShare ? [at(zoo.adapters, zoo.pickAdapter.pick(random))] : [];
    const images = drawImages(random());
    const estimateMs = images * trafficShape.imageMs;
    const serviceMs = estimateMs * Math.exp(trafficShape.serviceSpread * drawNormal(random));
    const id = `u${user}-${session.length}`;
    const userId = `u${user}`;
    session.push({
      id,
      userId,
      atMs: dueMs,
      model: at(zoo.models, model),
      adapters,
      images,
      estimateMs,
      serviceMs,
    });
    dueMs += drawExponential(random, trafficShape.thinkMs);
    if (random() >= keep) model = zoo.pickModel.pick(random);
  } while (random() < 1 - 1 / trafficShape.sessionRequests);
  return session;
}

/** A user who does not keep the checkpoint may happen to choose it again. */
function keepChance(zoo: Zoo): number {
  const again = zoo.pickModel.shares.reduce((sum, share) => sum + share ** 2, 0);
  return (trafficShape.keepShare - again) / (1 - again);
}

function drawImages(value: number): number {
  let left = value;
  return trafficShape.images.find(([, share]) => (left -= share) < 0)?.[0] ?? 1;
}

/** Squared variation of the rate that, beside the users' sessions, gives the published dispersion. */
function swellOf(perSecond: number): number {
  const perWindow = (perSecond * windowMs) / 1_000;
  const share = windowMs / trafficShape.swellMs;
  // Of a window's mean rate, against that of a moment.
  const smoothing = (2 / share ** 2) * (share - 1 + Math.exp(-share));
  return Math.max(0, (trafficShape.dispersion - sessionDispersion()) / (perWindow * smoothing));
}

/** Variance over mean of arrivals in a window that comes of users who ask again. */
function sessionDispersion(): number {
  const stop = 1 / trafficShape.sessionRequests;
  const perMs = stop / trafficShape.thinkMs;
  const pairs = 1 / perMs - (1 - Math.exp(-perMs * windowMs)) / (perMs ** 2 * windowMs);
  return 1 + (2 * (1 - stop) * pairs) / trafficShape.thinkMs;
}

/** Turns the time of a steady Poisson process into that of one whose rate swells around the same mean. */
function createSwell(seed: number, variation: number) {
  const random = createRandom(seed);
  const sigma = Math.sqrt(Math.log(1 + variation));
  const memory = Math.exp(-cellMs / trafficShape.swellMs);
  const rates: number[] = [];
  let level = drawNormal(random);
  const rateAt = (cell: number) => {
    while (rates.length <= cell) {
      rates.push(Math.exp(sigma * level - sigma ** 2 / 2));
      level = memory * level + Math.sqrt(1 - memory ** 2) * drawNormal(random);
    }
    return rates[cell] ?? 1;
  };
  const after = (fromMs: number, steadyMs: number) => {
    let atMs = fromMs;
    let left = steadyMs;
    for (let cell = Math.floor(fromMs / cellMs); ; cell += 1) {
      const room = ((cell + 1) * cellMs - atMs) * rateAt(cell);
      if (left <= room) return atMs + left / rateAt(cell);
      left -= room;
      atMs = (cell + 1) * cellMs;
    }
  };
  return { after };
}

function at<Item>(items: readonly Item[], place: number): Item {
  const item = items[place];
  if (item === undefined) throw new Error(`there is no item ${place} of ${items.length}`);
  return item;
}
