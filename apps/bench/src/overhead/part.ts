import { setTimeout } from "node:timers/promises";
import { assert, compile, crashPoints } from "@heddle/core";
import { createDatabase, localWorkspaceId, submitRun } from "@heddle/db";
import { crashAt, createBlobStore, createLog } from "@heddle/infra";
import { startOrchestrator } from "@heddle/orchestrator";
import { startRunner, type Op } from "@heddle/runner";
import { z } from "zod";
import { benchCatalog, chainDocument } from "./bench-catalog.ts";

/** What the benchmark tells a child process to be; it comes as the process's last argument, as JSON. */
export const partSchema = z.discriminatedUnion("part", [
  z.object({
    part: z.literal("orchestrator"),
    databaseUrl: z.string(),
    token: z.string(),
    /** 0: any free one. */
    port: z.number().default(0),
    leaseMs: z.number().optional(),
    crashAt: z.enum(crashPoints).optional(),
  }),
  /** Hands in one chain of two, under this idempotency key. */
  z.object({
    part: z.literal("submitter"),
    databaseUrl: z.string(),
    key: z.string(),
    crashAt: z.enum(crashPoints).optional(),
  }),
  z.object({
    part: z.literal("runner"),
    serverUrl: z.string(),
    token: z.string(),
    slots: z.number(),
    name: z.string().default("bench"),
    /** `file:…`; absent: results are words only. */
    blobUrl: z.string().optional(),
    crashAt: z.enum(crashPoints).optional(),
  }),
]);
export type Part = z.input<typeof partSchema>;

/** When one no-op began and ended: milliseconds since 1970. */
export const markSchema = z.object({
  runId: z.string(),
  stepId: z.string(),
  from: z.number(),
  to: z.number(),
});
export type Mark = z.infer<typeof markSchema>;

/** What a part says: where it listens, or what it saw since it was asked last. */
export const sayingSchema = z.union([
  z.object({ url: z.string() }),
  z.object({ runId: z.string() }),
  z.object({ marks: z.array(markSchema) }),
]);

/** Becomes one part of the platform, in a process of its own, until the parent goes away. */
export async function runPart(part: z.output<typeof partSchema>): Promise<void> {
  const log = createLog({ app: part.part, level: "warn" });
  process.once("disconnect", () => process.exit(0)).once("SIGTERM", () => process.exit(0));
  if (part.part === "orchestrator") {
    const reached = crashAt(part.crashAt);
    const { url } = await startOrchestrator({ ...part, catalog: benchCatalog, log, reached });
    process.send?.({ url });
    return;
  }
  if (part.part === "submitter") {
    process.send?.({ runId: await submitChain(part) });
    return;
  }
  const marks: Mark[] = [];
  process.on("message", () => process.send?.({ marks: marks.splice(0) }));
  startRunner({
    ...part,
    blobs: part.blobUrl === undefined ? noBlobs : createBlobStore(part.blobUrl),
    checkpoints: { read: refuse, write: refuse, remove: refuse },
    ops: [noopOp(marks), storeOp],
    device: { kind: "cpu", label: "bench", memoryBytes: 0 },
    log,
    reached: crashAt(part.crashAt),
  });
  process.send?.({ url: part.serverUrl });
}

async function submitChain({
  databaseUrl,
  key,
  crashAt: armed,
}: Extract<z.output<typeof partSchema>, { part: "submitter" }>): Promise<string> {
  const database = createDatabase({ url: databaseUrl, reached: crashAt(armed) });
  const document = chainDocument(key, 2);
  const compiled = compile(document, benchCatalog, { requireInputs: true, randomSeed: () => 1 });
  assert(compiled.ok, "the chain compiles");
  const { runId } = await submitRun(database, {
    workspaceId: localWorkspaceId,
    plan: compiled.plan,
    document,
    input: {},
    idempotency: { key, bodyHash: key },
    deadlineSeconds: 600,
  });
  await database.close();
  return runId;
}

/** Stores its name as a file. */
const storeOp: Op = {
  name: "store",
  run: async ({ params, blobs }) => {
    const blob = await blobs.put(new TextEncoder().encode(JSON.stringify(params["name"])));
    return { out: { media: "lora", artifact: { ...blob, contentType: "application/json" } } };
  },
};

function noopOp(marks: Mark[]): Op {
  return {
    name: "noop",
    run: async ({ params, signal }) => {
      const ms = Number(params["ms"]);
      if (ms > 0) await setTimeout(ms, undefined, { signal });
      const from = performance.timeOrigin + performance.now();
      const out = { media: "text", text: JSON.stringify(params["name"]).slice(1, -1) } as const;
      const [runId = "", stepId = ""] = out.text.split("-");
      marks.push({ runId, stepId, from, to: performance.timeOrigin + performance.now() });
      return { out };
    },
  };
}

function refuse(): never {
  throw new Error("A no-op has no files");
}

const noBlobs = {
  put: refuse,
  read: refuse,
  stream: refuse,
  head: refuse,
  list: refuse,
  delete: refuse,
  presign: refuse,
  check: refuse,
};
