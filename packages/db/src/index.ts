export {
  apiKeyScopes,
  createApiKey,
  findApiKey,
  isApiKey,
  listApiKeys,
  revokeApiKey,
  type ApiKeyScope,
  type ApiKeyView,
  type CreateApiKeyOptions,
  type CreatedApiKey,
} from "./api-keys.ts";
export {
  findArtifact,
  grantArtifact,
  readClock,
  recordArtifact,
  type FindArtifactOptions,
  type GrantArtifactOptions,
  type RecordArtifactOptions,
} from "./artifacts.ts";
export type { Page, PageOptions } from "./cursor.ts";
export { checkDatabase, createDatabase, type Database, type DatabaseOptions } from "./database.ts";
export { createDispatcherLock, type DispatcherLock } from "./dispatcher-lock.ts";
export { advanceRun, type Advanced, type AdvanceRunOptions } from "./engine/advance-run.ts";
export { cachedSteps, type CachedStepsOptions } from "./engine/cached-steps.ts";
export type { EngineOptions } from "./engine/change-run.ts";
export { claimTasks, type ClaimTasksOptions } from "./engine/claim-tasks.ts";
export {
  completeTasks,
  type CompletedTasks,
  type CompleteTasksOptions,
  type Completion,
} from "./engine/complete-tasks.ts";
export { decideStep, type DecidedStep, type DecideStepOptions } from "./engine/decide-step.ts";
export {
  findCanceled,
  heartbeat,
  type HeartbeatOptions,
  type HeartbeatResult,
  type Lease,
} from "./engine/heartbeat.ts";
export { pauseRun, resumeRun, type PausedRun, type PauseRunOptions } from "./engine/pause-run.ts";
export { requestCancel, type RequestCancelOptions } from "./engine/request-cancel.ts";
export type { ChooseNext, NextTasks } from "./engine/next-leases.ts";
export { parseReadyNews, readStepNews, type ReadyNews, type StepNews } from "./engine/step-news.ts";
export { sweep, type Swept, type SweepOptions } from "./engine/sweep.ts";
export { migrations } from "./generated/migrations.ts";
export { migrate } from "./migrate.ts";
export { aloneWithFiles } from "./retention/alone.ts";
export { condemnArtifacts, type CondemnOptions } from "./retention/condemn-artifacts.ts";
export { forgetFile, forgetSweptResults } from "./retention/forget-file.ts";
export { readStorage, type Storage } from "./retention/storage.ts";
export {
  findUnfinished,
  finishFiles,
  takeCondemned,
  takeUnheld,
  type TakeCondemnedOptions,
} from "./retention/take-files.ts";
export type { RunQuota } from "./runs/check-quota.ts";
export { findIdempotentRun, type FindIdempotentRunOptions } from "./runs/find-idempotent-run.ts";
export {
  readCluster,
  type ClusterQueue,
  type ClusterRunner,
  type ClusterView,
} from "./read-cluster.ts";
export {
  findForeignFile,
  noteRunnerFile,
  type RunnerOutputs,
  type StoredByRunner,
} from "./runner-files.ts";
export {
  runnerMayCheckpoint,
  runnerMayRead,
  runnerMayWrite,
  type RunnerCheckpoint,
  type RunnerFile,
} from "./runner-needs.ts";
export {
  createRunnerToken,
  findRunnerToken,
  isRunnerToken,
  listRunnerTokens,
  revokeRunnerToken,
  type CreatedRunnerToken,
  type CreateRunnerTokenOptions,
  type RevokeRunnerTokenOptions,
  type RunnerIdentity,
  type RunnerTokenOwner,
  type RunnerTokenView,
} from "./runner-tokens.ts";
export { secretHash } from "./secret-text.ts";
export {
  findRunnerIdentity,
  listRunners,
  registerRunner,
  removeRunner,
  touchRunner,
  type KnownRunner,
  type RegisterRunnerOptions,
  type RunnerState,
  type RunnerView,
} from "./runners.ts";
export { getRun, type RunKey } from "./runs/get-run.ts";
export { listRuns, type ListRunsOptions } from "./runs/list-runs.ts";
export { readRunEvents, type ReadRunEventsOptions } from "./runs/read-run-events.ts";
export type { RunError, RunSummary, RunView, StepView } from "./runs/run-view.ts";
export { readTraceparents } from "./runs/read-traceparents.ts";
export { submitRun, type SubmitRunOptions, type SubmittedRun } from "./runs/submit-run.ts";
export {
  createUpload,
  finishUpload,
  getUpload,
  type CreateUploadOptions,
  type UploadView,
} from "./uploads.ts";
export {
  listWorkflows,
  type ListWorkflowsOptions,
  type WorkflowSummary,
} from "./workflows/list-workflows.ts";
export {
  getVersion,
  listVersions,
  publishVersion,
  type GetVersionOptions,
  type PublishVersionOptions,
  type PublishedVersion,
  type VersionSummary,
  type VersionView,
} from "./workflows/version.ts";
export {
  createWorkflow,
  deleteWorkflow,
  getWorkflow,
  saveWorkflow,
  type CreateWorkflowOptions,
  type SaveWorkflowOptions,
  type SaveWorkflowResult,
  type WorkflowKey,
  type WorkflowView,
} from "./workflows/workflow.ts";
export {
  ensureLocalWorkspace,
  getWorkspace,
  getWorkspaceBySlug,
  localWorkspaceId,
  type WorkspaceView,
} from "./workspaces.ts";
