import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { Fatal } from "./fatal.ts";

const port = z.coerce
  .number({ error: "must be a port number" })
  .int("must be a whole number")
  .min(1, "must be a port number, 1 to 65535")
  .max(65_535, "must be a port number, 1 to 65535");

const envSchema = z.object({
  PORT: port.default(3000),
  HOST: z.string().default("127.0.0.1"),
  HEDDLE_DATA_DIR: z.string().optional(),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL" })
    .optional(),
  QUEUE_URL: z.url({ protocol: /^rediss?$/, error: "must be a redis:// URL" }).optional(),
  BLOB_URL: z
    .string()
    .regex(/^(file:|s3:)/, "must be file:/absolute/folder or s3://bucket?endpoint=…&region=…")
    .optional(),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).optional(),
  HEDDLE_SECRET: z.string().min(16, "must have at least 16 characters").optional(),
  ORCHESTRATOR_PORT: port.optional(),
  /** Runners that `heddle up` starts; they share the cores. */
  HEDDLE_RUNNERS: z.coerce
    .number({ error: "must be a number" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(64, "must be at most 64")
    .default(1),
  /** What they do, as the runner reads it; with a semicolon between, one for each. */
  RUNNER_OPS: z.string().optional(),
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal"]).default("info"),
  /** What `heddle run`, `keys` and `models` talk to, and with which key. */
  HEDDLE_SERVER: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).optional(),
  HEDDLE_KEY: z.string().optional(),
});

/** The settings of the command line. Paths are absolute; what is undefined was not set. */
export interface Settings {
  readonly checkout: string;
  readonly dataFolder: string;
  readonly port: number;
  readonly host: string;
  readonly orchestratorPort: number | undefined;
  readonly runners: number;
  readonly runnerOps: string | undefined;
  readonly databaseUrl: string | undefined;
  readonly queueUrl: string | undefined;
  readonly blobUrl: string | undefined;
  readonly publicUrl: string | undefined;
  readonly secret: string | undefined;
  readonly logLevel: string;
  readonly server: string | undefined;
  readonly key: string | undefined;
  /** The whole environment, for child processes to inherit. */
  readonly inherited: Readonly<Record<string, string | undefined>>;
}

export function readSettings(): Settings {
  // An empty variable counts as not set: compose files and CI pass them that way.
  const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const parsed = envSchema.safeParse(set);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    throw new Fatal(problems.join("; "));
  }
  const env = parsed.data;
  const checkout = findCheckout();
  return {
    checkout,
    dataFolder: path.resolve(env.HEDDLE_DATA_DIR ?? path.join(checkout, ".heddle")),
    port: env.PORT,
    host: env.HOST,
    orchestratorPort: env.ORCHESTRATOR_PORT,
    runners: env.HEDDLE_RUNNERS,
    runnerOps: env.RUNNER_OPS,
    databaseUrl: env.DATABASE_URL,
    queueUrl: env.QUEUE_URL,
    blobUrl: env.BLOB_URL,
    publicUrl: env.PUBLIC_URL?.replace(/\/+$/, ""),
    secret: env.HEDDLE_SECRET,
    logLevel: env.LOG_LEVEL,
    server: env.HEDDLE_SERVER,
    key: env.HEDDLE_KEY,
    inherited: process.env,
  };
}

/** The folder with the workspaces: above this file, bundled (`apps/cli/dist`) or not (`apps/cli/src`). */
function findCheckout(): string {
  const found = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
  if (!existsSync(path.join(found, "apps/cli/follow-parent.mjs"))) {
    throw new Fatal(`the checkout is not where it is expected, at ${found}`);
  }
  return found;
}
