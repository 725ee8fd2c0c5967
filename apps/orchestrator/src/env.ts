import { crashPoints } from "@heddle/core";
import { blobEnvShape, traceEnvShape } from "@heddle/infra";
import { z } from "zod";

const envSchema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL" }),
  QUEUE_URL: z.url({ protocol: /^rediss?$/, error: "must be a redis:// URL" }).optional(),
  /** Runners of other machines come through the web server, under the public URL. */
  ORCHESTRATOR_HOST: z.string().default("127.0.0.1"),
  ORCHESTRATOR_PORT: z.coerce
    .number({ error: "must be a port number" })
    .int("must be a whole number")
    .min(1, "must be a port number, 1 to 65535")
    .max(65_535, "must be a port number, 1 to 65535")
    .default(3001),
  /** Absent: files are not swept, and runners have to have the store themselves. */
  ...blobEnvShape,
  BLOB_URL: blobEnvShape.BLOB_URL.optional(),
  HEDDLE_RETENTION_DAYS: z.coerce
    .number({ error: "must be a number of days" })
    .min(1, "must be at least 1")
    .optional(),
  /** Seconds without a heartbeat after which a step goes to another runner. */
  HEDDLE_LEASE_SECONDS: z.coerce
    .number({ error: "must be a number of seconds" })
    .min(1, "must be at least 1")
    .max(3600, "must be at most 3600")
    .default(30),
  /** Of one workspace, at once. */
  HEDDLE_QUOTA_STEPS: z.coerce
    .number({ error: "must be a number of steps" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .optional(),
  /** Where the other orchestrators of this database find this one; needed where they run on other machines. */
  ORCHESTRATOR_ADVERTISED_URL: z
    .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
    .optional(),
  /** What this server's own runners show; those of other machines have tokens of the database. */
  RUNNER_TOKEN: z.string().min(16, "must have at least 16 characters"),
  /** Of one file that a runner without the store may send; MiB. */
  RUNNER_FILE_LIMIT_MB: z.coerce
    .number({ error: "must be a number of MiB" })
    .positive("must be more than 0")
    .optional(),
  /** For tests of recovery: the process ends there as with `kill -9`. */
  HEDDLE_CRASH_AT: z.enum(crashPoints).optional(),
  ...traceEnvShape,
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).default("info"),
});

export type Env = z.infer<typeof envSchema>;

/** The settings of this process. Throws an Error that names everything that is wrong, in one line. */
export function readEnv(): Env {
  // An empty variable counts as not set: compose files and CI pass them that way.
  const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const parsed = envSchema.safeParse(set);
  if (parsed.success) return parsed.data;
  throw new Error(
    parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`).join("; "),
  );
}

/** `migrate` needs the database and nothing else. */
export function readDatabaseUrl(): string {
  const parsed = envSchema.shape.DATABASE_URL.safeParse(process.env["DATABASE_URL"]);
  if (parsed.success) return parsed.data;
  throw new Error(`DATABASE_URL ${parsed.error.issues[0]?.message ?? "is not valid"}`);
}
