import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { catalog } from "@heddle/catalog";
import { defaultLimits } from "@heddle/core";
import { advanceRun, createApiKey } from "@heddle/db";
import { createTestDatabase } from "@heddle/db/testing";
import { createBlobStore, createDoorbell, createLive, createLog } from "@heddle/infra";
import { createApi, type Api, type ApiResources } from "../api.ts";
import { scopes as allScopes, type Scope } from "../access/caller.ts";
import { handleRest } from "../rest/handle-rest.ts";

export const testOrigin = "http://127.0.0.1:34200";
/** A workspace that is not the local owner's. */
export const foreignWorkspaceId = "ws_foreign";

export interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  readonly body?: string | FormData | Uint8Array<ArrayBuffer>;
  /** Authenticates; without one the call is the local owner's. */
  readonly key?: string;
}

export interface TestApi {
  readonly api: Api;
  call(method: string, path: string, call?: Call): Promise<Response>;
  createKey(workspaceId: string, scopes?: readonly Scope[]): Promise<string>;
  close(): Promise<void>;
}

export interface TestApiOptions {
  /** Rings are answered as the orchestrator does, so runs of evaluate nodes end by themselves. Default true. */
  readonly advance?: boolean;
  /** `redis://…`; absent: the queue lies in the tests' Postgres. */
  readonly queueUrl?: string | undefined;
}

/** The API on the real Postgres, queue, live channel and file store of the tests. */
export async function startTestApi(
  overrides: Partial<ApiResources> = {},
  { advance = true, queueUrl }: TestApiOptions = {},
): Promise<TestApi> {
  const testDatabase = await createTestDatabase();
  const { database, url } = testDatabase;
  await database.prisma.workspace.create({
    data: { id: foreignWorkspaceId, slug: "foreign", name: "Foreign" },
  });
  const directory = await mkdtemp(join(tmpdir(), "heddle-api-"));
  const log = createLog({ app: "test", level: "silent" });
  const doorbell = createDoorbell({ databaseUrl: url, queueUrl, log });
  const live = createLive({ databaseUrl: url, log });
  if (advance) {
    doorbell.answer(async (runId) => {
      await advanceRun(database, { runId, catalog });
    }, 4);
  }
  const api = createApi({
    database,
    doorbell,
    live,
    log,
    catalog,
    blobs: createBlobStore(`file:${directory}`),
    templates: [],
    limits: defaultLimits,
    secret: "a secret of the tests",
    publicUrl: testOrigin,
    host: "127.0.0.1",
    version: "0.0.0-test",
    allowPrivateUrls: false,
    now: Date.now,
    randomSeed: () => 7,
    ...overrides,
  });
  await live.ready();
  return {
    api,
    call: (method, path, call) => handleRest(api, toRequest(method, path, call)),
    createKey: async (workspaceId, scopes) =>
      (await createApiKey(database, { workspaceId, name: "test", scopes: scopes ?? allScopes }))
        .key,
    close: async () => {
      await doorbell.close();
      await live.close();
      await testDatabase.drop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export function toRequest(
  method: string,
  path: string,
  { headers, json, body, key }: Call = {},
): Request {
  const sent = json === undefined ? body : JSON.stringify(json);
  return new Request(`${testOrigin}${path}`, {
    method,
    headers: {
      host: new URL(testOrigin).host,
      ...(json === undefined ? {} : { "content-type": "application/json" }),
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...headers,
    },
    ...(sent === undefined ? {} : { body: sent }),
  });
}
