import { ClusterServer } from "./cluster-server.ts";
import type { Clock, Server } from "./event-loop.ts";
import { anyIdle, createFirstCome, matchElseAny, type Choose } from "./first-come.ts";
import { LruDevice } from "./lru-device.ts";
import { createPools, poolPlans } from "./pools.ts";
import type { Zoo } from "./zoo.ts";

export interface Pool {
  readonly clock: Clock;
  readonly zoo: Zoo;
  readonly runners: number;
}

export interface Policy {
  readonly name: PolicyName;
  readonly title: string;
  /** One server, or several that are tuned for different loads: the best of them counts. */
  readonly variants: (runners: number) => readonly ((pool: Pool) => Server)[];
}

export const policyNames = [
  "bound",
  "bound-fair",
  "fifo",
  "hints",
  "pools",
  "fifo-ram",
  "hints-ram",
  "scan-ram",
  "pools-ram",
  "ours-disk",
  "ours-no-prefetch",
  "ours",
] as const;

export type PolicyName = (typeof policyNames)[number];

/** A card of 24 GB of which 16 are for weights, in a host with 64 GB for each card. */
export const deviceBytes = 16e9;
export const ramBytes = 64e9;

export const policies: readonly Policy[] = [
  firstCome("bound", "loads cost nothing, FIFO", { choose: anyIdle, ram: 0, isFree: true }),
  ours("bound-fair", "loads cost nothing, Heddle's order", {
    ram: 0,
    usesPrefetch: false,
    isFree: true,
  }),
  firstCome("fifo", "FIFO + LRU", { choose: anyIdle, ram: 0 }),
  firstCome("hints", "match, else any (hints)", { choose: matchElseAny, ram: 0 }),
  pools("pools", "static pools, tuned", 0),
  firstCome("fifo-ram", "FIFO + LRU, RAM tier", { choose: anyIdle, ram: ramBytes }),
  firstCome("hints-ram", "match, else any (hints), RAM tier", {
    choose: matchElseAny,
    ram: ramBytes,
  }),
  firstCome("scan-ram", "hints that look at 64, RAM tier", {
    choose: matchElseAny,
    ram: ramBytes,
    window: 64,
  }),
  pools("pools-ram", "static pools, tuned, RAM tier", ramBytes),
  ours("ours-disk", "Heddle, no RAM tier", { ram: 0, usesPrefetch: false }),
  ours("ours-no-prefetch", "Heddle, RAM tier, no prefetch", { ram: ramBytes, usesPrefetch: false }),
  ours("ours", "Heddle", { ram: ramBytes, usesPrefetch: true }),
];

interface FirstComeSettings {
  readonly choose: Choose;
  readonly ram: number;
  readonly window?: number;
  readonly isFree?: boolean;
}

function firstCome(
  name: PolicyName,
  title: string,
  { choose, ram, window = 1, isFree = false }: FirstComeSettings,
): Policy {
  const create = ({ clock, runners }: Pool) =>
    createFirstCome(clock, { devices: createDevices(runners, ram), choose, window, isFree });
  return { name, title, variants: () => [create] };
}

function pools(name: PolicyName, title: string, ram: number): Policy {
  return {
    name,
    title,
    variants: (runners) =>
      poolPlans(runners).map(
        (plan) =>
          ({ clock, zoo, runners: count }) =>
            createPools(clock, { zoo, devices: createDevices(count, ram), plan }),
      ),
  };
}

interface OursSettings {
  readonly ram: number;
  readonly usesPrefetch: boolean;
  readonly isFree?: boolean;
}

function ours(
  name: PolicyName,
  title: string,
  { ram, usesPrefetch, isFree = false }: OursSettings,
): Policy {
  const create = ({ clock, zoo, runners }: Pool) =>
    new ClusterServer(clock, {
      zoo,
      runners,
      deviceBytes,
      ramBytes: ram,
      usesPrefetch,
      isFree,
      workspaceOf: ({ userId }) => userId,
    });
  return { name, title, variants: () => [create] };
}

function createDevices(count: number, ram: number): LruDevice[] {
  return Array.from(
    { length: count },
    (_, id) => new LruDevice(id, { deviceBytes, ramBytes: ram }),
  );
}
