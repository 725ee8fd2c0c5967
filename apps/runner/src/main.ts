import { availableParallelism, cpus, totalmem } from "node:os";
import { createBlobStore, createCheckpointStore, createLog, type Log } from "@heddle/infra";
import { createOps } from "./create-ops.ts";
import { readEnv } from "./env.ts";
import { startRunner } from "./start-runner.ts";
import { createWeights, type Weights } from "./weights/create-weights.ts";

try {
  serve();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function serve(): void {
  const env = readEnv();
  const log = createLog({ app: "runner", level: env.LOG_LEVEL });
  const weights = createLoggedWeights(log, env.RUNNER_WEIGHTS_MB);
  const runner = startRunner({
    serverUrl: env.ORCHESTRATOR_URL,
    token: env.RUNNER_TOKEN,
    blobs: createBlobStore(env.BLOB_URL),
    checkpoints: createCheckpointStore(env.BLOB_URL),
    ops: createOps({ threads: availableParallelism(), weights }),
    weights,
    slots: env.RUNNER_SLOTS,
    name: env.RUNNER_NAME,
    device: { kind: "cpu", label: cpus()[0]?.model.trim() ?? "CPU", memoryBytes: totalmem() },
    log,
    onReplaced: () => void stop(1),
  });

  /** Once: a second signal changes nothing. */
  let stopping = false;
  async function stop(exitCode: number): Promise<void> {
    if (stopping) return;
    stopping = true;
    await runner.close();
    process.exit(exitCode);
  }
  process.on("SIGTERM", () => void stop(0)).on("SIGINT", () => void stop(0));
}

function createLoggedWeights(log: Log, limitMb: number | undefined): Weights {
  return createWeights({
    limitBytes: limitMb === undefined ? undefined : limitMb * 2 ** 20,
    onEvent: ({ kind, ...event }) => log.info(event, `weights ${kind}`),
    onOverdraft: (name, totalBytes) =>
      log.warn({ name, totalBytes }, "weights in use take more than RUNNER_WEIGHTS_MB allows"),
  });
}
