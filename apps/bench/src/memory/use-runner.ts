import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Task } from "@heddle/core";
import { createBlobStore, createCheckpointStore, type BlobStore } from "@heddle/infra";
import {
  BatchProfile,
  createHousePainter,
  createOps,
  createWeights,
  runTask,
  type Op,
} from "@heddle/runner";
import sharp from "sharp";
import { z } from "zod";
import { requestFor, turnsOf, type BenchRequest, type Samples } from "./requests.ts";
import { peakMb, resetPeak, residentMb } from "./resident-memory.ts";

/** What the benchmark tells its child process. */
export const useRunnerSchema = z.object({
  requests: z.number(),
  /** Memory for weights, MB; null: the runner's default. */
  limitMb: z.number().nullable(),
});
export type UseRunner = z.infer<typeof useRunnerSchema>;

/** What it hears from it. Memory in MB. */
export const runnerUseSchema = z.object({
  /** Before the first request. */
  startMb: z.number(),
  done: z.array(
    z.object({ name: z.string(), ms: z.number(), residentMb: z.number(), peakMb: z.number() }),
  ),
  loads: z.array(
    z.object({ name: z.string(), sha256: z.string(), tier: z.string(), ms: z.number() }),
  ),
  evictions: z.number(),
  leftOut: z.array(z.string()),
});
export type RunnerUse = z.infer<typeof runnerUseSchema>;

/** Every this many requests there is one on a large picture. */
const largeEvery = 10;

/** Uses all ops of a runner in turn, in this process, and says what memory that took. */
export async function useRunner({ requests, limitMb }: UseRunner): Promise<RunnerUse> {
  const use: RunnerUse = { startMb: 0, done: [], loads: [], evictions: 0, leftOut: [] };
  const weights = createWeights({
    limitBytes: limitMb === null ? undefined : limitMb * 1e6,
    onEvent: ({ kind, modelId, name, sha256, tier, ms }) => {
      if (kind === "loaded") use.loads.push({ name: `${modelId}/${name}`, sha256, tier, ms });
      else use.evictions += 1;
    },
  });
  const threads = availableParallelism();
  const painter = createHousePainter(threads, weights, new BatchProfile());
  const ops = createOps({ threads, weights, painter });
  const folder = await mkdtemp(join(tmpdir(), "heddle-memory-"));
  try {
    const bench = { ops, url: `file:${folder}`, blobs: createBlobStore(`file:${folder}`) };
    const names = ops.map(({ name }) => name);
    const samples = await storePictures(bench.blobs);
    use.startMb = residentMb();
    // As a runner does on its first day: that is what opens the lanes.
    await painter.calibrate();
    const { small, large } = turnsOf(names);
    for (let at = 0; at < requests; at += 1) {
      const isLarge = at % largeEvery === largeEvery - 1;
      const given = isLarge ? samples.large : samples.small;
      const request = takeTurn(isLarge ? large : small, given);
      use.done.push(await measure(request, { at, isLarge, samples, ...bench }));
    }
    use.leftOut.push(...names.filter((op) => requestFor(op, samples.small) === null));
  } finally {
    await rm(folder, { recursive: true });
  }
  return use;
}

/** The first of the queue for which there is what it needs; it goes to the end. */
function takeTurn(queue: string[], samples: Samples): BenchRequest {
  for (const op of queue) {
    const request = requestFor(op, samples);
    if (request === null) continue;
    queue.splice(queue.indexOf(op), 1);
    queue.push(op);
    return request;
  }
  throw new Error("There is nothing to ask for");
}

interface Bench {
  readonly at: number;
  readonly isLarge: boolean;
  readonly samples: { readonly small: Samples; readonly large: Samples };
  readonly ops: readonly Op[];
  readonly blobs: BlobStore;
  /** Of the blobs. */
  readonly url: string;
}

async function measure(
  request: BenchRequest,
  { at, isLarge, samples, ops, blobs, url }: Bench,
): Promise<RunnerUse["done"][number]> {
  resetPeak();
  const before = performance.now();
  const result = await runTask(taskOf(request, at), {
    op: ops.find(({ name }) => name === request.op),
    blobs,
    checkpoints: createCheckpointStore(url),
    signal: new AbortController().signal,
    progress: () => {},
    preview: () => {},
    note: () => {},
  });
  if (result.status !== "succeeded") {
    throw new Error(`${request.op}: ${JSON.stringify(result)}`);
  }
  const ms = performance.now() - before;
  // What was made of a medium that there was none of is the sample for what takes that.
  for (const value of Object.values(result.outputs)) {
    if (value.media === "list") continue;
    samples.small[value.media] ??= value;
    samples.large[value.media] ??= value;
  }
  await setImmediate();
  const name = isLarge ? `${request.op}, large` : request.op;
  return { name, ms, residentMb: residentMb(), peakMb: peakMb() };
}

/** No two alike: where there is a seed, it is another one each time. */
function taskOf({ op, version, model, params, inputs }: BenchRequest, at: number): Task {
  const seed = "seed" in params ? { seed: at } : {};
  return {
    taskId: `stp_${at}`,
    epoch: 1,
    runId: "run_1",
    workspaceId: "ws_1",
    stepId: `n${at}`,
    nodeIds: [`n${at}`],
    item: null,
    op,
    version,
    params: { ...params, ...seed },
    inputs,
    cacheKey: at.toString(16).padStart(64, "0"),
    deadlineAt: null,
    ...(model !== undefined && { model }),
  };
}

/** A held-out photograph of 128 × 128 and of 1024 × 1024 pixels, as PNG files in the store. */
async function storePictures(blobs: BlobStore): Promise<{ small: Samples; large: Samples }> {
  const houseModels = createRequire(import.meta.url).resolve("@heddle/house-models/package.json");
  const photo = await readFile(join(dirname(houseModels), "evaluation", "photos", "cat.webp"));
  const store = async (side: number): Promise<Samples> => {
    const png = await sharp(photo).resize(side, side).png().toBuffer();
    const { sha256, sizeBytes } = await blobs.put(png);
    return { image: { media: "image", artifact: { sha256, sizeBytes, contentType: "image/png" } } };
  };
  return { small: await store(128), large: await store(1024) };
}
