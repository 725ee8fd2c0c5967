import { catalog } from "@heddle/catalog";
import { ensureLocalWorkspace, createDatabase, migrate } from "@heddle/db";
import {
  crashAt,
  createBlobStore,
  createCheckpointStore,
  createLog,
  s3CredentialsOf,
  startTracing,
} from "@heddle/infra";
import { readDatabaseUrl, readEnv, type Env } from "./env.ts";
import { startOrchestrator } from "./start-orchestrator.ts";

/** `orchestrator`: serves until SIGTERM. `orchestrator migrate`: brings the database up to date and ends. */
await (process.argv[2] === "migrate" ? runMigrations() : serve()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});

async function runMigrations(): Promise<void> {
  const url = readDatabaseUrl();
  await migrate(url);
  const database = createDatabase({ url, poolSize: 1 });
  await ensureLocalWorkspace(database);
  await database.close();
}

async function serve(): Promise<void> {
  const env = readEnv();
  const { HEDDLE_RETENTION_DAYS: days, RUNNER_FILE_LIMIT_MB: fileLimitMb } = env;
  const log = createLog({ app: "orchestrator", level: env.LOG_LEVEL });
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const tracing = await startTracing({ app: "orchestrator", endpoint });
  const orchestrator = await startOrchestrator({
    databaseUrl: env.DATABASE_URL,
    queueUrl: env.QUEUE_URL,
    host: env.ORCHESTRATOR_HOST,
    port: env.ORCHESTRATOR_PORT,
    advertisedUrl: env.ORCHESTRATOR_ADVERTISED_URL,
    stepsPerWorkspace: env.HEDDLE_QUOTA_STEPS,
    token: env.RUNNER_TOKEN,
    leaseMs: env.HEDDLE_LEASE_SECONDS * 1000,
    catalog,
    log,
    ...openStores(env),
    fileLimitBytes: fileLimitMb === undefined ? undefined : fileLimitMb * 2 ** 20,
    retentionMs: days === undefined ? undefined : days * 24 * 3_600_000,
    tracing: endpoint !== undefined,
    reached: crashAt(env.HEDDLE_CRASH_AT),
  });
  const stop = () => {
    process.off("SIGTERM", stop).off("SIGINT", stop);
    const closed = orchestrator.close().then(() => tracing.close());
    closed.then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "the orchestrator did not stop in good order");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
}

function openStores(env: Env) {
  const { BLOB_URL: url } = env;
  if (url === undefined) return {};
  const credentials = s3CredentialsOf(env);
  return {
    blobs: createBlobStore(url, credentials),
    checkpoints: createCheckpointStore(url, credentials),
  };
}
