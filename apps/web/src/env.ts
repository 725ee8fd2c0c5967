import { existsSync } from "node:fs";
import path from "node:path";
import { crashPoints } from "@heddle/core";
import { blobEnvShape, traceEnvShape } from "@heddle/infra";
import { z } from "zod";

const envSchema = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000),
  HOST: z.string().min(1).default("127.0.0.1"),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: "must be a postgres:// URL" }),
  QUEUE_URL: z.url({ protocol: /^rediss?$/, error: "must be a redis:// URL" }).optional(),
  ...blobEnvShape,
  /** Where this server's orchestrator listens; runners of other machines are passed on to it. */
  ORCHESTRATOR_URL: z
    .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
    .default("http://127.0.0.1:3001"),
  PUBLIC_URL: z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).optional(),
  HEDDLE_SECRET: z.string().min(16, "must have at least 16 characters"),
  /** Makes the command line of this machine the owner; `heddle up` makes it. */
  HEDDLE_LOCAL_KEY: z.string().min(32).optional(),
  /** Workflows that come with Heddle, and their pictures. */
  HEDDLE_EXAMPLES_DIR: z.string().default(findExamples),
  /** `1`: inputs given by URL may also come from loopback and private addresses. */
  HEDDLE_ALLOW_PRIVATE_URLS: z.enum(["0", "1"]).default("0"),
  /** Of the files of one workspace; GB of 10^9 bytes. */
  HEDDLE_STORAGE_LIMIT_GB: z.coerce
    .number({ error: "must be a number of GB" })
    .positive("must be more than 0")
    .optional(),
  /** Of one workspace: runs that have not ended. */
  HEDDLE_QUOTA_RUNS: z.coerce
    .number({ error: "must be a number of runs" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .optional(),
  /** Of one workspace, within 24 hours. */
  HEDDLE_QUOTA_DEVICE_SECONDS: z.coerce
    .number({ error: "must be a number of seconds" })
    .positive("must be more than 0")
    .optional(),
  /** For tests of recovery: the process ends there as with `kill -9`. */
  HEDDLE_CRASH_AT: z.enum(crashPoints).optional(),
  ...traceEnvShape,
  LOG_LEVEL: z.enum(["trace", "debug", "info", "warn", "error", "fatal", "silent"]).default("info"),
});
export type Env = Omit<z.infer<typeof envSchema>, "PUBLIC_URL"> & { readonly PUBLIC_URL: string };

/** The settings of the web app. Throws an error that names every setting that is missing or wrong. */
export function readEnv(): Env {
  // An empty variable counts as not set: compose files and CI pass them that way.
  const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ""));
  const parsed = envSchema.safeParse(set);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`);
    throw new Error(problems.join("; "));
  }
  const env = parsed.data;
  const host = env.HOST.includes(":") ? `[${env.HOST}]` : env.HOST;
  return { ...env, PUBLIC_URL: env.PUBLIC_URL ?? `http://${host}:${env.PORT}` };
}

/** In the checkout, whether the server was started from its root or from the app's own folder. */
function findExamples(): string {
  const places = ["examples", "../../examples"].map((place) => path.resolve(place));
  return places.find((place) => existsSync(place)) ?? "examples";
}
