import { z } from "zod";
import { followRun, type RunNews } from "./follow-run.ts";
import { createRequester, type Requester } from "./request.ts";
import {
  createdKeySchema,
  createdRunnerTokenSchema,
  keysSchema,
  modelsSchema,
  runnerTokensSchema,
  runSchema,
  uploadSchema,
  workflowSchema,
  type ApiKey,
  type CreatedApiKey,
  type CreatedRunnerToken,
  type Model,
  type Run,
  type RunnerToken,
  type Upload,
  type Workflow,
} from "./schemas.ts";

export interface ClientOptions {
  /** Origin of the server: `http://127.0.0.1:3000`. */
  readonly server: string;
  /** `hdl_live_…`; on the machine that serves it none is needed. */
  readonly key?: string | undefined;
  readonly fetch?: typeof fetch;
}

export interface StartOptions {
  /** Value by input name; a file is a URL, a data URI or the `url` of an upload. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** Answer when the run has ended, at the latest after so many seconds (at most 60). Default: at once. */
  readonly waitSeconds?: number;
  /** The same key with the same request makes one run, however often it is sent. Default: a new one per call. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** Everything that the public API does. Every call throws HeddleError when it does not succeed. */
export interface Client {
  /** Runs a document as it is, such as the JSON of a `name.heddle.json`. `targets`: outputs or nodes; default: all outputs. */
  runDocument(
    document: unknown,
    options?: StartOptions & { targets?: readonly string[] },
  ): Promise<Run>;
  /** Runs a published workflow: `owner/name` or `owner/name@3`. */
  runWorkflow(name: string, options?: StartOptions): Promise<Run>;
  getRun(id: string): Promise<Run>;
  cancelRun(id: string): Promise<Run>;
  /** Nothing of it starts any more until it is resumed; what runs ends and is kept. */
  pauseRun(id: string): Promise<Run>;
  resumeRun(id: string): Promise<Run>;
  /** Answers a step whose status is WAITING, by its `nodeId`: it goes on, or fails with `not_approved`. */
  approveStep(id: string, nodeId: string): Promise<Run>;
  declineStep(id: string, nodeId: string): Promise<Run>;
  /** What happens to a run until it has ended. Reconnects; no event is missed or told twice. */
  followRun(id: string, options?: { signal?: AbortSignal }): AsyncGenerator<RunNews>;
  getWorkflow(name: string): Promise<Workflow>;
  upload(file: Blob, fileName: string): Promise<Upload>;
  /** The bytes behind a link of an output. */
  download(url: string): Promise<Response>;
  listModels(): Promise<Model[]>;
  listKeys(): Promise<ApiKey[]>;
  createKey(options: { name: string; scopes?: readonly string[] }): Promise<CreatedApiKey>;
  revokeKey(id: string): Promise<void>;
  listRunnerTokens(): Promise<RunnerToken[]>;
  /** For a runner of another machine. `scope`: `workspace` (default), or `cluster`. */
  createRunnerToken(options: { name: string; scope?: string }): Promise<CreatedRunnerToken>;
  revokeRunnerToken(id: string): Promise<void>;
}

export function createClient(options: ClientOptions): Client {
  const request = createRequester(options);
  const start = async (path: string, body: object, options: StartOptions) => {
    const { waitSeconds, signal, idempotencyKey = crypto.randomUUID() } = options;
    return await request.json(runSchema, path, {
      method: "POST",
      body: JSON.stringify(body),
      signal,
      headers: {
        "content-type": "application/json",
        // The same request may then be sent again when no answer came: it makes one run.
        "idempotency-key": idempotencyKey,
        ...(waitSeconds !== undefined && { prefer: `wait=${waitSeconds}` }),
      },
    });
  };
  return {
    runDocument: async (document, { input = {}, targets, ...rest } = {}) =>
      await start("/api/v1/runs", { document, input, ...(targets && { targets }) }, rest),
    runWorkflow: async (name, { input = {}, ...rest } = {}) =>
      await start(`${workflowPath(name)}/runs`, { input }, rest),
    getRun: async (id) => await request.json(runSchema, runPath(id)),
    ...runChanges(request),
    followRun: (id, { signal } = {}) =>
      followRun({ request, path: `${runPath(id)}/events`, signal }),
    getWorkflow: async (name) => await request.json(workflowSchema, workflowPath(name)),
    upload: async (file, fileName) => {
      const form = new FormData();
      form.set("file", file, fileName);
      return await request.json(uploadSchema, "/api/v1/uploads", { method: "POST", body: form });
    },
    download: async (url) => await request.raw(url),
    listModels: async () => (await request.json(modelsSchema, "/api/v1/models")).models,
    ...keys(request),
    ...runnerTokens(request),
  };
}

function keys(request: Requester) {
  return {
    listKeys: async () => (await request.json(keysSchema, "/api/v1/keys")).keys,
    createKey: async (key: Parameters<Client["createKey"]>[0]) =>
      await request.json(createdKeySchema, "/api/v1/keys", post(key)),
    revokeKey: async (id: string) => {
      await request.json(z.unknown(), `/api/v1/keys/${encodeURIComponent(id)}`, remove);
    },
  };
}

function runnerTokens(request: Requester) {
  const path = "/api/v1/runner-tokens";
  return {
    listRunnerTokens: async () => (await request.json(runnerTokensSchema, path)).tokens,
    createRunnerToken: async (token: Parameters<Client["createRunnerToken"]>[0]) =>
      await request.json(createdRunnerTokenSchema, path, post(token)),
    revokeRunnerToken: async (id: string) => {
      await request.json(z.unknown(), `${path}/${encodeURIComponent(id)}`, remove);
    },
  };
}

const remove = { method: "DELETE" };

function post(body: object) {
  return {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  };
}

/** What changes a run that is under way. */
function runChanges(request: Requester) {
  const change = async (id: string, what: string) =>
    await request.json(runSchema, `${runPath(id)}/${what}`, { method: "POST" });
  return {
    cancelRun: (id: string) => change(id, "cancel"),
    pauseRun: (id: string) => change(id, "pause"),
    resumeRun: (id: string) => change(id, "resume"),
    approveStep: (id: string, nodeId: string) => change(id, `${stepPath(nodeId)}/approve`),
    declineStep: (id: string, nodeId: string) => change(id, `${stepPath(nodeId)}/decline`),
  };
}

function stepPath(nodeId: string): string {
  return `steps/${encodeURIComponent(nodeId)}`;
}

function runPath(id: string): string {
  return `/api/v1/runs/${encodeURIComponent(id)}`;
}

/** `owner/name@3`: the slash stays one. */
function workflowPath(name: string): string {
  const [owner = "", ...rest] = name.split("/");
  return `/api/v1/workflows/${encodeURIComponent(owner)}/${encodeURIComponent(rest.join("/")).replace("%40", "@")}`;
}
