import { Cluster, isFree, lease, type Held, type ReadyStep, type Runner } from "@heddle/core";
import type { BenchResult, Figure } from "./figure.ts";
import { createRandom } from "./serve/random.ts";
import { percentile } from "./serve/statistics.ts";
import { createZoo, type Zoo, type ZooWeights } from "./sim/zoo.ts";

const runners = 1_000;
const waiting = 100_000;
const workspaces = 500;
const rounds = 20_000;
const warmUp = 2_000;
const inRamEach = 8;
const op = "text-to-image";

/**
 * How long the dispatcher's answer takes in memory: 1,000 runners that hold eight models each, 100,000 READY steps of 500
 * workspaces. In each round a task ends, its runner is leased the next one, and a new step becomes READY.
 */
export function benchLease(): Promise<BenchResult> {
  const zoo = createZoo(1);
  const random = createRandom(2);
  const cluster = new Cluster({ readsAhead: true });
  for (let number = 0; number < runners; number += 1)
    cluster.setRunner(createRunner(zoo, number, random));
  for (let number = 0; number < waiting; number += 1)
    cluster.addStep(createStep(zoo, number, random));
  const times: Times = { leaseMs: [], wholeMs: [], leaseCpuMs: [], wholeCpuMs: [], fixed: [] };
  for (let round = 0; round < rounds; round += 1) {
    const next = createStep(zoo, waiting + round, random);
    const one = playRound(cluster, round, next);
    if (round < warmUp) continue;
    times.leaseMs.push(one.leaseMs);
    times.wholeMs.push(one.wholeMs);
    times.leaseCpuMs.push(one.leaseCpuMs);
    times.wholeCpuMs.push(one.wholeCpuMs);
    times.fixed.push(timeFixedWork());
  }
  return Promise.resolve({
    table: `${runners} runners, ${waiting} READY steps of ${workspaces} workspaces and ${zoo.models.length} models; ${
      rounds - warmUp
    } leases after ${warmUp} to warm up. answer: \`lease\` alone. turn: the end of a task, the runner's state, the lease, taking it, the runner's state again, and a step that becomes READY. floor: a fixed loop of about the length of an answer, after each; what it takes longer at p99 is the machine's doing. cpu: the processor time of the same, whatever else runs on the machine, the collector's included.`,
    figures: figuresOf(times),
  });
}

type Times = Record<keyof Round | "fixed", number[]>;

function figuresOf(times: Times): Figure[] {
  return [
    {
      name: "lease.answer_p50_ms",
      value: percentile(times.leaseMs, 50),
      unit: "ms",
      floor: percentile(times.fixed, 50),
    },
    {
      name: "lease.answer_p99_ms",
      value: percentile(times.leaseMs, 99),
      unit: "ms",
      floor: percentile(times.fixed, 99),
      goal: 2,
    },
    {
      name: "lease.answer_cpu_p99_ms",
      value: percentile(times.leaseCpuMs, 99),
      unit: "ms",
      goal: 2,
    },
    {
      name: "lease.turn_cpu_p99_ms",
      value: percentile(times.wholeCpuMs, 99),
      unit: "ms",
      goal: 2,
    },
    { name: "lease.turn_p50_ms", value: percentile(times.wholeMs, 50), unit: "ms" },
    { name: "lease.turn_p99_ms", value: percentile(times.wholeMs, 99), unit: "ms", goal: 2 },
  ];
}

/** Nothing but arithmetic. */
function timeFixedWork(): number {
  const begunMs = performance.now();
  let sum = 0;
  for (let number = 0; number < 40_000; number += 1) sum = (sum + number * number) % 1_000_003;
  const endedMs = performance.now();
  if (sum < 0) throw new Error("a sum of squares is not negative");
  return endedMs - begunMs;
}

interface Round {
  readonly leaseMs: number;
  readonly wholeMs: number;
  readonly leaseCpuMs: number;
  readonly wholeCpuMs: number;
}

function playRound(cluster: Cluster, round: number, next: ReadyStep): Round {
  const nowMs = 1_000_000 + round * 8;
  const runnerId = `r${round % runners}`;
  const begunCpu = process.cpuUsage();
  const begunMs = performance.now();
  endTask(cluster, runnerId, nowMs);
  const askedCpu = process.cpuUsage();
  const askedMs = performance.now();
  const { leased, evict } = lease(cluster, { runnerId, nowMs });
  const answeredMs = performance.now();
  const leaseCpuMs = cpuMs(askedCpu);
  cluster.take(leased, nowMs);
  const [first] = leased;
  const runner = cluster.fleet.get(runnerId);
  if (first === undefined || runner === undefined)
    throw new Error(`runner ${runnerId} found nothing among ${cluster.ready.size} steps`);
  begin(cluster, runner, { step: first.step, evict, nowMs });
  cluster.addStep(next);
  const wholeMs = performance.now() - begunMs;
  return { leaseMs: answeredMs - askedMs, wholeMs, leaseCpuMs, wholeCpuMs: cpuMs(begunCpu) };
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

function endTask(cluster: Cluster, runnerId: string, nowMs: number): void {
  const runner = cluster.fleet.get(runnerId);
  if (runner === undefined || isFree(runner)) return;
  for (const { step } of runner.running) cluster.ready.end(step.workspaceId, 100);
  cluster.setRunner({ ...runner, running: [], freeAtMs: nowMs });
}

function begin(
  cluster: Cluster,
  runner: Runner,
  {
    step,
    evict,
    nowMs,
  }: { readonly step: ReadyStep; readonly evict: readonly string[]; readonly nowMs: number },
): void {
  const models = new Map(runner.models);
  for (const hash of evict) {
    const held = models.get(hash);
    if (held?.inRamAtMs === null) models.delete(hash);
    else if (held !== undefined) models.set(hash, { ...held, onDevice: false });
  }
  for (const { hash, sizeBytes } of step.weights)
    models.set(hash, { inRamAtMs: null, ...models.get(hash), sizeBytes, onDevice: true });
  const endsAtMs = nowMs + step.serviceMs;
  const running = [{ step, endsAtMs, isPreemptible: false }];
  cluster.setRunner({ ...runner, models, running, freeAtMs: endsAtMs });
}

function createRunner(zoo: Zoo, number: number, random: () => number): Runner {
  const models = new Map<string, Held>();
  while (models.size < inRamEach) {
    const { ref } = at(zoo.models, zoo.pickModel.pick(random));
    models.set(ref.hash, { sizeBytes: ref.sizeBytes, onDevice: models.size === 0, inRamAtMs: 0 });
  }
  return {
    id: `r${number}`,
    ops: new Set([op]),
    deviceBytes: 16e9,
    ramBytes: 64e9,
    slots: 1,
    running: [],
    freeAtMs: 0,
    models,
    adapters: new Map(),
    loadTimes: zoo.loadTimes,
    diskMsPerByte: 0,
    ramMsPerByte: 0,
    batchCaps: new Map(),
  };
}

function createStep(zoo: Zoo, number: number, random: () => number): ReadyStep {
  const { ref } = at(zoo.models, zoo.pickModel.pick(random));
  return {
    id: `s${number}`,
    workspaceId: `w${Math.floor(random() * workspaces)}`,
    priority: Math.floor(random() * 2),
    op,
    weights: [ref],
    adapters: [],
    downstream: [],
    serviceMs: 2_000 + random() * 12_000,
    batchKey: `${ref.hash} ${random() < 0.7 ? "1024" : "512"}`,
    deadlineMs: null,
    readyAtMs: number * 8,
  };
}

function at(items: readonly ZooWeights[], place: number): ZooWeights {
  const item = items[place];
  if (item === undefined) throw new Error(`there is no item ${place} of ${items.length}`);
  return item;
}
