export {
  createClient,
  type Client,
  type ClientOptions,
  type StartOptions,
} from "./create-client.ts";
export { HeddleError, type RequestProblem } from "./heddle-error.ts";
export type { RunNews } from "./follow-run.ts";
export type {
  ApiKey,
  CreatedApiKey,
  CreatedRunnerToken,
  Model,
  OutputItem,
  Run,
  RunEvent,
  RunnerToken,
  RunProgress,
  RunStep,
  Upload,
  Workflow,
} from "./schemas.ts";
