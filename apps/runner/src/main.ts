import { availableParallelism, cpus, totalmem } from "node:os";
import { createBlobStore, createCheckpointStore, createLog } from "@heddle/infra";
import { readEnv } from "./env.ts";
import { createImageOps } from "./ops/index.ts";
import { createImageToImageOp } from "./ops/image-to-image.ts";
import { createInpaintOp } from "./ops/inpaint.ts";
import { createTextToImageOp } from "./ops/text-to-image.ts";
import { createUpscaleOp } from "./ops/upscale.ts";
import type { Op } from "./op.ts";
import { startRunner } from "./start-runner.ts";
import { createHousePainter } from "./text-to-image/create-house-painter.ts";
import { createHouseUpscaler } from "./upscale/create-house-upscaler.ts";

try {
  serve();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function serve(): void {
  const env = readEnv();
  const log = createLog({ app: "runner", level: env.LOG_LEVEL });
  const runner = startRunner({
    serverUrl: env.ORCHESTRATOR_URL,
    token: env.RUNNER_TOKEN,
    blobs: createBlobStore(env.BLOB_URL),
    checkpoints: createCheckpointStore(env.BLOB_URL),
    ops: [...createImageOps(), ...createModelOps(availableParallelism())],
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

/** Ops with weights, which are loaded when the first task needs them. */
function createModelOps(threads: number): Op[] {
  const painter = createHousePainter(threads);
  return [
    createTextToImageOp(painter),
    createImageToImageOp(painter),
    createInpaintOp(painter),
    createUpscaleOp(createHouseUpscaler(threads)),
  ];
}
