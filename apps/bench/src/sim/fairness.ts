import { percentile } from "../serve/statistics.ts";
import { ClusterServer } from "./cluster-server.ts";
import { Clock, type Outcome } from "./event-loop.ts";
import { deviceBytes, ramBytes } from "./policies.ts";
import type { SimRequest } from "./traffic.ts";
import type { Zoo } from "./zoo.ts";

export interface Fairness {
  /** A small workspace's p95 beside one with 10,000 waiting, to its p95 alone: 32 runners, one model. */
  readonly sameModel: number;
  /** The same where the small one uses a model of its own. */
  readonly otherModel: number;
  /** The same as the first on 8 runners, where the small one's ten alone are more than the runners. */
  readonly fewRunners: number;
  /** Jain's index of the device time that ten equal workspaces with models of their own got while all of them waited. */
  readonly jain: number;
}

const crowdRuns = 10_000;
const smallRuns = 10;
/** When the small workspace comes: everything is loaded by then. */
const laterMs = 300_000;
const imageMs = 3_000;
const workspaces = 10;

export function measureFairness(zoo: Zoo): Fairness {
  return {
    sameModel: overSolo(zoo, 32, 0),
    otherModel: overSolo(zoo, 32, 1),
    fewRunners: overSolo(zoo, 8, 0),
    jain: jainIndex(zoo),
  };
}

/** Alone, the small workspace finds its model where a few runs of the others have left it. */
function overSolo(zoo: Zoo, runners: number, model: number): number {
  const small = runsOf(zoo, { workspace: "small", count: smallRuns, model, atMs: laterMs });
  const before = [0, model].flatMap((one) =>
    runsOf(zoo, { workspace: `before ${one}`, count: runners, model: one, atMs: 0 }),
  );
  const crowd = runsOf(zoo, { workspace: "large", count: crowdRuns, model: 0, atMs: 1 });
  const alone = p95Of(serve(zoo, runners, [...before, ...small]), "small");
  return p95Of(serve(zoo, runners, [...before, ...crowd, ...small]), "small") / alone;
}

function jainIndex(zoo: Zoo): number {
  const each = 200;
  const runs = Array.from({ length: workspaces }, (_, place) =>
    runsOf(zoo, { workspace: `w${place}`, count: each, model: place, atMs: 0 }),
  ).flat();
  const outcomes = serve(zoo, 8, runs);
  const lastStarts = Array.from({ length: workspaces }, (_, place) =>
    Math.max(
      ...outcomes.filter((one) => one.request.userId === `w${place}`).map((one) => one.startMs),
    ),
  );
  const untilMs = Math.min(...lastStarts);
  const got = Array.from({ length: workspaces }, (_, place) =>
    outcomes
      .filter(({ request, startMs }) => request.userId === `w${place}` && startMs <= untilMs)
      .reduce((sum, { loadMs, request }) => sum + loadMs + request.serviceMs, 0),
  );
  const sum = got.reduce((total, one) => total + one, 0);
  return sum ** 2 / (workspaces * got.reduce((total, one) => total + one ** 2, 0));
}

interface Runs {
  readonly workspace: string;
  readonly count: number;
  readonly model: number;
  readonly atMs: number;
}

/** One, two, three, four images in turn. */
function runsOf(zoo: Zoo, { workspace, count, model, atMs }: Runs): SimRequest[] {
  const weights = zoo.models[model];
  if (weights === undefined) throw new Error(`there is no model ${model}`);
  return Array.from({ length: count }, (_, number) => {
    const images = 1 + (number % 4);
    const serviceMs = images * imageMs;
    const id = `${workspace}-${number}`;
    return {
      id,
      userId: workspace,
      atMs,
      model: weights,
      adapters: [],
      images,
      estimateMs: serviceMs,
      serviceMs,
    };
  });
}

function serve(zoo: Zoo, runners: number, requests: readonly SimRequest[]): Outcome[] {
  const clock = new Clock();
  const server = new ClusterServer(clock, {
    zoo,
    runners,
    deviceBytes,
    ramBytes,
    usesPrefetch: true,
    workspaceOf: ({ userId }) => userId,
  });
  return clock.play(requests, server);
}

function p95Of(outcomes: readonly Outcome[], workspace: string): number {
  const own = outcomes.filter(({ request }) => request.userId === workspace);
  return percentile(
    own.map(({ request, endMs }) => endMs - request.atMs),
    95,
  );
}
