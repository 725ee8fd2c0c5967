import { getWorkspace, localWorkspaceId } from "@heddle/db";
import { z } from "zod";
import type { Api } from "../api.ts";
import { describeRunners, type RunnerResult } from "../wire/runner.ts";
import type { PublicRoute } from "./route.ts";

const partSchema = z.enum(["ok", "failed"]);

const healthSchema = z
  .object({
    status: z.enum(["ok", "unavailable"]),
    version: z.string(),
    database: partSchema,
    queue: partSchema,
    blobs: partSchema,
    runners: z.array(z.object({ id: z.string(), device: z.string(), state: z.string() })),
  })
  .meta({ id: "Health" });
type Health = z.infer<typeof healthSchema>;

export const getHealthRoute: PublicRoute = {
  method: "GET",
  path: "/api/health",
  access: "public",
  operation: {
    id: "getHealth",
    summary: "Whether a run could be served now",
    answers: {
      200: { description: "Yes", schema: healthSchema },
      503: { description: "Not now: the body says what is missing", schema: healthSchema },
    },
  },
  handle: async ({ api }) => {
    const health = await checkHealth(api);
    return Response.json(health, { status: health.status === "ok" ? 200 : 503 });
  },
};

/** A part that does not answer in this time counts as failed. */
const checkTimeoutMs = 3_000;

async function checkHealth(api: Api): Promise<Health> {
  const [database, queue, blobs, runners] = await Promise.all([
    check(api, "database", () => getWorkspace(api.database, localWorkspaceId)),
    check(api, "queue", () => api.doorbell.check()),
    check(api, "blobs", () => api.blobs.check()),
    listLive(api),
  ]);
  const ok = [database, queue, blobs].every((part) => part === "ok") && runners.length > 0;
  return {
    status: ok ? "ok" : "unavailable",
    version: api.version,
    database,
    queue,
    blobs,
    runners: runners.map(({ id, device, state }) => ({ id, device, state })),
  };
}

/** The reason goes to the log only: whoever asks has no key. */
async function check(
  api: Api,
  part: string,
  work: () => Promise<unknown>,
): Promise<"ok" | "failed"> {
  try {
    await withTimeout(work());
    return "ok";
  } catch (error) {
    api.log.warn({ err: error, part }, "a health check failed");
    return "failed";
  }
}

async function listLive(api: Api): Promise<RunnerResult[]> {
  try {
    return (await withTimeout(describeRunners(api))).filter(({ state }) => state !== "lost");
  } catch {
    return [];
  }
}

async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`no answer within ${checkTimeoutMs} ms`)),
      checkTimeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
