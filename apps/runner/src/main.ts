import { availableParallelism, cpus, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  crashAt,
  createBlobStore,
  createCheckpointStore,
  createHttpBlobStore,
  createHttpCheckpointStore,
  createLog,
  s3CredentialsOf,
  serveMetrics,
  startTracing,
  type Log,
} from "@heddle/infra";
import { chooseOps } from "./choose-ops.ts";
import { createOps } from "./create-ops.ts";
import { BatchProfile } from "./engine/batch-profile.ts";
import { readEnv, type Env } from "./env.ts";
import { createRunnerMetrics } from "./metrics.ts";
import { startRunner } from "./start-runner.ts";
import { createHousePainter } from "./text-to-image/create-house-painter.ts";
import type { Painter } from "./text-to-image/create-painter.ts";
import { createWeights, type Weights } from "./weights/create-weights.ts";
import { defaultWeightsBytes } from "./weights/default-weights-bytes.ts";

serve().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

async function serve(): Promise<void> {
  const env = readEnv();
  const log = createLog({ app: "runner", level: env.LOG_LEVEL });
  const { RUNNER_THREADS: threads = availableParallelism() } = env;
  const weights = createLoggedWeights(log, weightsBytes(env, threads));
  const profile = new BatchProfile(profileFile(env));
  await profile.load();
  const painter = createHousePainter(threads, weights, profile);
  const metrics = createRunnerMetrics(weights);
  const port = env.RUNNER_METRICS_PORT;
  if (port !== undefined)
    await serveMetrics({ registry: metrics.registry, host: "127.0.0.1", port });
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing = await startTracing({ app: "runner", endpoint });
  const runner = startRunner({
    serverUrl: env.ORCHESTRATOR_URL,
    token: env.RUNNER_TOKEN,
    ...openStores(env),
    ops: chooseOps(createOps({ threads, weights, painter }), env.RUNNER_OPS),
    weights,
    onResult: metrics.done,
    slots: env.RUNNER_SLOTS,
    name: env.RUNNER_NAME,
    device: { kind: "cpu", label: cpus()[0]?.model.trim() ?? "CPU", memoryBytes: totalmem() },
    log,
    reached: crashAt(env.HEDDLE_CRASH_AT),
    // Nobody mends that by starting it again: a token has to be made, or another name chosen.
    onTurnedAway: () => void stop(turnedAwayStatus),
  });

  const stopping = new AbortController();
  calibrateLater(painter, stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) log.warn({ err: error }, "batches could not be measured");
  });

  /** Once: a second signal changes nothing. */
  async function stop(exitCode: number): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await runner.close();
    await tracing.close();
    process.exit(exitCode);
  }
  process.on("SIGTERM", () => void stop(0)).on("SIGINT", () => void stop(0));
}

/** Exit status of a runner that the server does not want. */
const turnedAwayStatus = 3;

/** Those of this machine, or without any the server's own, over HTTP. */
function openStores(env: Env) {
  const { BLOB_URL: url, ORCHESTRATOR_URL: serverUrl, RUNNER_TOKEN: token } = env;
  const credentials = s3CredentialsOf(env);
  return url === undefined
    ? {
        blobs: createHttpBlobStore({ serverUrl, token }),
        checkpoints: createHttpCheckpointStore({ serverUrl, token }),
      }
    : {
        blobs: createBlobStore(url, credentials),
        checkpoints: createCheckpointStore(url, credentials),
      };
}

/** Milliseconds: while everything starts there is nothing to measure well, and something to slow down. */
const settleMs = 20_000;

async function calibrateLater(painter: Painter, signal: AbortSignal): Promise<void> {
  await setTimeout(settleMs, undefined, { signal });
  await painter.calibrate(signal);
}

function profileFile({ HEDDLE_DATA_DIR: folder }: Env): string | undefined {
  return folder === undefined ? undefined : join(folder, "runner-profile.json");
}

function weightsBytes({ RUNNER_WEIGHTS_MB: limitMb }: Env, threads: number): number {
  if (limitMb !== undefined) return limitMb * 2 ** 20;
  return defaultWeightsBytes(Math.min(1, threads / availableParallelism()));
}

function createLoggedWeights(log: Log, limitBytes: number): Weights {
  return createWeights({
    limitBytes,
    onEvent: ({ kind, ...event }) => log.info(event, `weights ${kind}`),
    onOverdraft: (name, totalBytes) =>
      log.warn({ name, totalBytes }, "weights in use take more than RUNNER_WEIGHTS_MB allows"),
  });
}
