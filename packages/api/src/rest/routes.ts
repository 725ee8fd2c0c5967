import { cancelRunRoute } from "./cancel-run.ts";
import { approveStepRoute, declineStepRoute } from "./decide-step.ts";
import { pauseRunRoute, resumeRunRoute } from "./pause-run.ts";
import { createKeyRoute } from "./create-key.ts";
import { createRunnerTokenRoute } from "./create-runner-token.ts";
import { createUploadRoute } from "./create-upload.ts";
import { getArtifact } from "./get-artifact.ts";
import { getHealthRoute } from "./get-health.ts";
import { getMetricsRoute } from "./get-metrics.ts";
import { getOpenApiRoute } from "./get-openapi.ts";
import { getRunRoute } from "./get-run.ts";
import { getUploadRoute } from "./get-upload.ts";
import { getWorkflowOpenApiRoute } from "./get-workflow-openapi.ts";
import { getWorkflowRoute } from "./get-workflow.ts";
import { listKeysRoute } from "./list-keys.ts";
import { listModelsRoute } from "./list-models.ts";
import { listRunnerTokensRoute } from "./list-runner-tokens.ts";
import { receiveUploadRoute } from "./receive-upload.ts";
import { revokeKeyRoute } from "./revoke-key.ts";
import { revokeRunnerTokenRoute } from "./revoke-runner-token.ts";
import type { Route } from "./route.ts";
import { runDocumentRoute } from "./run-document.ts";
import { runWorkflowRoute } from "./run-workflow.ts";
import { streamRunEventsRoute } from "./stream-run-events.ts";

/** Every call of the REST API; dispatch, OpenAPI and the permission tests are made from this table. */
export const routes: readonly Route[] = [
  runWorkflowRoute,
  getWorkflowRoute,
  getWorkflowOpenApiRoute,
  runDocumentRoute,
  getRunRoute,
  streamRunEventsRoute,
  cancelRunRoute,
  pauseRunRoute,
  resumeRunRoute,
  approveStepRoute,
  declineStepRoute,
  createUploadRoute,
  receiveUploadRoute,
  getUploadRoute,
  listKeysRoute,
  createKeyRoute,
  revokeKeyRoute,
  listRunnerTokensRoute,
  createRunnerTokenRoute,
  revokeRunnerTokenRoute,
  listModelsRoute,
  getOpenApiRoute,
  getHealthRoute,
  getMetricsRoute,
  getArtifact,
];
