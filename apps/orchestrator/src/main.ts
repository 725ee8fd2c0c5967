import { catalog } from "@heddle/catalog";
import { ensureLocalWorkspace, createDatabase, migrate } from "@heddle/db";
import { crashAt, createBlobStore, createLog, s3CredentialsOf } from "@heddle/infra";
import { readDatabaseUrl, readEnv } from "./env.ts";
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
  const { HEDDLE_RETENTION_DAYS: days } = env;
  const log = createLog({ app: "orchestrator", level: env.LOG_LEVEL });
  const orchestrator = await startOrchestrator({
    databaseUrl: env.DATABASE_URL,
    queueUrl: env.QUEUE_URL,
    host: env.ORCHESTRATOR_HOST,
    port: env.ORCHESTRATOR_PORT,
    token: env.RUNNER_TOKEN,
    leaseMs: env.HEDDLE_LEASE_SECONDS * 1000,
    catalog,
    log,
    blobs:
      env.BLOB_URL === undefined ? undefined : createBlobStore(env.BLOB_URL, s3CredentialsOf(env)),
    retentionMs: days === undefined ? undefined : days * 24 * 3_600_000,
    reached: crashAt(env.HEDDLE_CRASH_AT),
  });
  const stop = () => {
    process.off("SIGTERM", stop).off("SIGINT", stop);
    orchestrator.close().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "the orchestrator did not stop in good order");
        process.exit(1);
      },
    );
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
}
