export {
  documentEdgeSchema,
  documentNodeSchema,
  documentNoteSchema,
  documentSchema,
  documentVersion,
  nodeModes,
  positionSchema,
  type Document,
  type DocumentEdge,
  type DocumentNode,
} from "./document.ts";
export {
  AppError,
  appErrorTable,
  assert,
  assertNever,
  stepErrorClasses,
  type AppErrorCode,
  type AppErrorOptions,
  type StepError,
  type StepErrorClass,
} from "./errors.ts";
export { jsonSchema, type Json } from "./json.ts";
export { defaultLimits, type Limits } from "./limits.ts";
export {
  artifactRefSchema,
  canConnect,
  describePort,
  describeWanted,
  listValueSchema,
  mediaTypes,
  scalarValueSchema,
  sha256Schema,
  valueSchema,
  type ArtifactRef,
  type ListValue,
  type MediaType,
  type PortType,
  type ScalarValue,
  type Value,
} from "./media.ts";
export {
  nodeGroups,
  widgets,
  type Catalog,
  type EvaluateError,
  type EvaluateResult,
  type Field,
  type FieldValues,
  type ModelRef,
  type NodeGroup,
  type NodeType,
  type NodeWork,
  type OutputPort,
  type Price,
  type Widget,
} from "./node-type.ts";
export {
  estimateSchema,
  planInputSchema,
  planSchema,
  planStepSchema,
  type Estimate,
  type Plan,
  type PlanInput,
  type PlanStep,
} from "./plan.ts";
export { problemCodes, type Problem, type ProblemCode } from "./problem.ts";
export {
  isTerminalRun,
  isTerminalStep,
  progressSchema,
  runEventBodySchema,
  runEventSchema,
  runStatuses,
  stepErrorSchema,
  stepStatuses,
  stepTimingSchema,
  type Progress,
  type RunEvent,
  type RunEventBody,
  type RunStatus,
  type StepStatus,
  type StepTiming,
} from "./run.ts";
export {
  commandSchema,
  completeRequestSchema,
  completeResponseSchema,
  eventsRequestSchema,
  eventsResponseSchema,
  leaseRequestSchema,
  leaseResponseSchema,
  registerRequestSchema,
  registerResponseSchema,
  residentSchema,
  weightsLoadSchema,
  runnerProtocolVersion,
  taskResultSchema,
  taskSchema,
  type Command,
  type CompleteRequest,
  type CompleteResponse,
  type EventsRequest,
  type EventsResponse,
  type LeaseRequest,
  type LeaseResponse,
  type RegisterRequest,
  type Resident,
  type WeightsLoad,
  type RegisterResponse,
  type Task,
  type TaskResult,
} from "./runner-protocol.ts";
export { cacheKey, type CacheKeySource } from "./cache-key.ts";
export { canonicalJson, type Canonical } from "./canonical-json.ts";
export { admit, type Admission } from "./cluster/admit.ts";
export { Cluster } from "./cluster/cluster.ts";
export {
  defaultClusterOptions,
  isFree,
  modelOf,
  type ClusterOptions,
  type Held,
  type LoadTimes,
  type ReadyStep,
  type Runner,
  type RunningTask,
  type WeightsRef,
} from "./cluster/cluster-types.ts";
export { chooseEvictions, type RoomWanted, type Tier } from "./cluster/choose-evictions.ts";
export { KeyedHeap } from "./cluster/keyed-heap.ts";
export { lease, type LeaseAnswer, type LeasedStep } from "./cluster/lease.ts";
export { loadMs, loadTimes, neededBy, stepLoadMs } from "./cluster/load-ms.ts";
export { canRunNow, chooseFreeRunner, place, type Placement } from "./cluster/place.ts";
export { preempt, type Preemption } from "./cluster/preempt.ts";
export { chooseReader, prefetch, type Prefetch } from "./cluster/prefetch.ts";
export { compile } from "./compile/compile.ts";
export type { CompileOptions, CompileResult } from "./compile/compile-options.ts";
export { applyEdit } from "./edit/apply-edit.ts";
export { editSchema } from "./edit/edit-schema.ts";
export type { DocumentNote, Edit, Edited, NodeSettings, Position } from "./edit/edit.ts";
export {
  copyFragment,
  fragmentSchema,
  parseFragment,
  pasteFragment,
  type Fragment,
  type PasteOptions,
} from "./edit/fragment.ts";
export { connectionProblem, type WireEnd } from "./graph/connection-problem.ts";
export { nodeLabel, nodeTitle } from "./graph/node-label.ts";
export type { ResolvedInput, ResolvedOutput, ResolvedPorts } from "./graph/resolve-node.ts";
export { portsOf, resolveTypes, type ResolvedTypes } from "./graph/resolve-types.ts";
export { inspectJson } from "./inspect-json.ts";
export {
  describeInterface,
  type DeclaredInput,
  type DeclaredOutput,
} from "./interface/describe-interface.ts";
export { declaredField } from "./interface/declared-field.ts";
export { fieldProblem } from "./interface/field-problem.ts";
export { parseRunInput, type ParseRunInputResult } from "./interface/parse-run-input.ts";
export { parseDocument, type ParseDocumentResult } from "./parse-document.ts";
export { crashPoints, type CrashPoint, type Reached } from "./crash-points.ts";
export { advance, notApproved } from "./run/advance.ts";
export {
  decideFailure,
  maxInfraFailures,
  poisonRunners,
  type FailedAttempt,
  type FailureDecision,
} from "./run/decide-failure.ts";
export { collectItems, expandItems, type ExpandItemsResult } from "./run/expand-items.ts";
export { outputProblem } from "./run/output-problem.ts";
export {
  parentSteps,
  startRun,
  type Advanced,
  type RunAction,
  type RunEffect,
  type RunState,
  type StepKey,
  type StepState,
} from "./run/run-state.ts";
export { runTransitions, stepTransitions } from "./run/transitions.ts";
export { resolveInputs, type OutputOf } from "./run/resolve-inputs.ts";
export { sha256Hex } from "./sha256-hex.ts";
export { stepCostUsd, sumUsd, type Usage } from "./step-cost-usd.ts";
export { jsonToValue, valueToJson } from "./value-json.ts";
