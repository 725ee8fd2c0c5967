export {
  apiKeyScopes,
  createApiKey,
  findApiKey,
  listApiKeys,
  revokeApiKey,
  type ApiKeyScope,
  type ApiKeyView,
  type CreateApiKeyOptions,
  type CreatedApiKey,
} from "./api-keys.ts";
export {
  findArtifact,
  recordArtifact,
  type FindArtifactOptions,
  type RecordArtifactOptions,
} from "./artifacts.ts";
export type { Page, PageOptions } from "./cursor.ts";
export { createDatabase, type Database, type DatabaseOptions } from "./database.ts";
export { migrate } from "./migrate.ts";
export { findIdempotentRun, type FindIdempotentRunOptions } from "./runs/find-idempotent-run.ts";
export { getRun, type RunKey } from "./runs/get-run.ts";
export { listRuns, type ListRunsOptions } from "./runs/list-runs.ts";
export { readRunEvents, type ReadRunEventsOptions } from "./runs/read-run-events.ts";
export type { RunError, RunSummary, RunView, StepView } from "./runs/run-view.ts";
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
