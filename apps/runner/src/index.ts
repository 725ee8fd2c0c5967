export { OpError, type Op, type OpContext } from "./op.ts";
export { startRunner, type Runner, type RunnerOptions } from "./start-runner.ts";
export { createUpscaler, type Upscaler } from "./upscale/create-upscaler.ts";
