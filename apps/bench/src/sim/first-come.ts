import type { Clock, Server } from "./event-loop.ts";
import type { LruDevice } from "./lru-device.ts";
import type { SimRequest } from "./traffic.ts";

/** Which of the idle devices, the one idle longest first, a request goes to. */
export type Choose = (request: SimRequest, idle: readonly LruDevice[]) => LruDevice | undefined;

export interface FirstComeOptions {
  readonly devices: readonly LruDevice[];
  readonly choose: Choose;
  /** Requests that a device which becomes free may look at for one whose model it has; 1: it takes the oldest. */
  readonly window: number;
  /** Loads cost nothing: no policy can do better than this. */
  readonly isFree?: boolean;
}

/** The one idle longest. */
export const anyIdle: Choose = (_, idle) => idle[0];

/** One that has the model, else any, without waiting: fal's runner hints. */
export const matchElseAny: Choose = (request, idle) =>
  idle.find((device) => device.holds(request.model)) ?? idle[0];

/** First come, first served: nothing ever waits while a device is idle. */
export function createFirstCome(
  clock: Clock,
  { devices, choose, window, isFree = false }: FirstComeOptions,
): Server {
  const queue: SimRequest[] = [];
  const idle = [...devices];
  const start = (request: SimRequest, device: LruDevice, nowMs: number) => {
    idle.splice(idle.indexOf(device), 1);
    const loadMs = isFree ? 0 : device.load([request.model, ...request.adapters]);
    const endMs = nowMs + loadMs + request.serviceMs;
    clock.at(endMs, () => {
      clock.outcomes.push({ request, startMs: nowMs, endMs, loadMs });
      idle.push(device);
      const next = takeFor(device);
      if (next !== undefined) start(next, device, endMs);
    });
  };
  const takeFor = (device: LruDevice): SimRequest | undefined => {
    const found = queue.slice(0, window).findIndex(({ model }) => device.holds(model));
    return queue.splice(Math.max(0, found), 1)[0];
  };
  return {
    arrive(request, nowMs) {
      const device = choose(request, idle);
      if (device === undefined) queue.push(request);
      else start(request, device, nowMs);
    },
  };
}
