export { createOps, type OpsOptions } from "./create-ops.ts";
export { OpError, type Op, type OpContext } from "./op.ts";
export { runTask, type RunTaskOptions } from "./run-task.ts";
export { startRunner, type Runner, type RunnerOptions } from "./start-runner.ts";
export { createUpscaler, type Upscaler } from "./upscale/create-upscaler.ts";
export { createWeights, type Weights, type WeightsOptions } from "./weights/create-weights.ts";
