import { availableParallelism, hostname } from "node:os";
import { crashPoints } from "@heddle/core";
import { blobEnvShape, traceEnvShape } from "@heddle/infra";
import { z } from "zod";

const envSchema = z.object({
  ORCHESTRATOR_URL: z
    .url({ protocol: /^https?$/, error: "must be an http(s) URL" })
    .default("http://127.0.0.1:3001"),
  RUNNER_TOKEN: z.string().min(16, "must have at least 16 characters"),
  ...blobEnvShape,
  /** Absent: files are read and written through the server, as on another machine. */
  BLOB_URL: blobEnvShape.BLOB_URL.optional(),
  /** Its own on this platform: a runner that registers under the name of another takes its place. */
  RUNNER_NAME: z.string().min(1).max(120).default(`${hostname()}-cpu-0`),
  /** Tasks at once. */
  RUNNER_SLOTS: z.coerce
    .number({ error: "must be a number" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(1024, "must be at most 1024")
    // More than there are cores: what waits for the same model takes its steps together.
    .default(Math.min(8, Math.max(4, availableParallelism()))),
  /** CPU threads for one run of a network; default: all. Several runners on one machine share them. */
  RUNNER_THREADS: z.coerce
    .number({ error: "must be a number" })
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(1024, "must be at most 1024")
    .optional(),
  /** The ops that it does, by name, with commas between; with a minus before each: all but those. Default: all. */
  RUNNER_OPS: z.string().optional(),
  /** Where what was measured on this device is kept; default: nowhere. */
  HEDDLE_DATA_DIR: z.string().min(1).optional(),
  /** Memory for weights, in MiB; default: its part (by threads) of a quarter of the machine's, of 1024 at most. */
  RUNNER_WEIGHTS_MB: z.coerce
    .number({ error: "must be a number" })
    .min(1, "must be at least 1")
    .max(2 ** 24, `must be at most ${2 ** 24}`)
    .optional(),
  /** Where Prometheus reads the metrics of this process, on 127.0.0.1; default: nowhere. */
  RUNNER_METRICS_PORT: z.coerce
    .number({ error: "must be a port number" })
    .int("must be a whole number")
    .min(1, "must be a port number, 1 to 65535")
    .max(65_535, "must be a port number, 1 to 65535")
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
