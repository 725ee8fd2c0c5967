import { randomInt } from "node:crypto";
import { createApi, type Api } from "@heddle/api";
import { catalog } from "@heddle/catalog";
import { defaultLimits } from "@heddle/core";
import { createDatabase } from "@heddle/db";
import {
  crashAt,
  createBlobStore,
  createDoorbell,
  createLive,
  createLog,
  s3CredentialsOf,
  startTracing,
} from "@heddle/infra";
import manifest from "../../package.json" with { type: "json" };
import { readEnv } from "../env.ts";
import { loadTemplates } from "./load-templates.ts";
import { seed } from "./seed.ts";

declare global {
  /** One per process: Next may load this module more than once, and anew while developing. */
  var heddleApi: Promise<Api> | undefined;
}

/** The server's side of the API; made at the first call. */
export function getApi(): Promise<Api> {
  globalThis.heddleApi ??= start().catch((error: unknown) => {
    globalThis.heddleApi = undefined;
    throw error;
  });
  return globalThis.heddleApi;
}

async function start(): Promise<Api> {
  const env = readEnv();
  const { HEDDLE_STORAGE_LIMIT_GB: limitGb } = env;
  const log = createLog({ app: "web", level: env.LOG_LEVEL });
  const tracing = await startTracing({ app: "web", endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT });
  // Next ends the process once its connections are closed: until then the last spans are sent.
  process.once("SIGTERM", () => void tracing.close());
  const database = createDatabase({
    url: env.DATABASE_URL,
    reached: crashAt(env.HEDDLE_CRASH_AT),
  });
  const blobs = createBlobStore(env.BLOB_URL, s3CredentialsOf(env));
  const { templates, pictures } = await loadTemplates(env.HEDDLE_EXAMPLES_DIR, log);
  const api = createApi({
    database,
    blobs,
    doorbell: createDoorbell({ databaseUrl: env.DATABASE_URL, queueUrl: env.QUEUE_URL, log }),
    live: createLive({ databaseUrl: env.DATABASE_URL, log }),
    log,
    catalog,
    templates,
    limits: defaultLimits,
    storageLimitBytes: limitGb === undefined ? undefined : limitGb * 1e9,
    quota: {
      openRuns: env.HEDDLE_QUOTA_RUNS,
      deviceSecondsADay: env.HEDDLE_QUOTA_DEVICE_SECONDS,
    },
    secret: env.HEDDLE_SECRET,
    localKey: env.HEDDLE_LOCAL_KEY,
    publicUrl: env.PUBLIC_URL,
    host: env.HOST,
    version: manifest.version,
    allowPrivateUrls: env.HEDDLE_ALLOW_PRIVATE_URLS === "1",
    now: Date.now,
    randomSeed: () => randomInt(2 ** 32),
  });
  // Not waited for: a database that comes late must not keep the server from saying so.
  void seed(api, pictures);
  return api;
}
