import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { compile, type Document } from "@heddle/core";
import {
  createDatabase,
  ensureLocalWorkspace,
  listRuns,
  localWorkspaceId,
  migrate,
  submitRun,
  type Database,
} from "@heddle/db";
import { startPostgres } from "@heddle/db/temporary-postgres";
import { createDoorbell, createLog } from "@heddle/infra";
import { benchCatalog } from "./bench-catalog.ts";
import { sayingSchema, type Mark, type Part } from "./part.ts";

/** The platform as it runs on one machine: Postgres, orchestrator and runner, each a process of its own. */
export interface Platform {
  readonly databaseUrl: string;
  readonly database: Database;
  /** Submits and rings, as the API does; for the local workspace, unless another is named. Returns the run's id. */
  submit(document: Document, workspaceId?: string): Promise<string>;
  /** Resolves when these runs are over; throws unless all have succeeded. */
  finish(runIds: readonly string[]): Promise<void>;
  /** What the runner has seen since it was asked last. */
  readMarks(): Promise<Mark[]>;
  close(): Promise<void>;
}

const token = "a token for the benchmark only";

export async function startPlatform({ slots }: { readonly slots: number }): Promise<Platform> {
  const postgres = await startPostgres({ durable: true });
  const databaseUrl = `${postgres.serverUrl}/postgres`;
  await migrate(databaseUrl);
  const database = createDatabase({ url: databaseUrl, poolSize: 4 });
  await ensureLocalWorkspace(database);
  const doorbell = createDoorbell({ databaseUrl, log: createLog({ app: "bench", level: "warn" }) });
  const orchestrator = await startPart({ part: "orchestrator", databaseUrl, token });
  const runner = await startPart({ part: "runner", serverUrl: orchestrator.url, token, slots });
  return {
    databaseUrl,
    database,
    submit: async (document, workspaceId = localWorkspaceId) => {
      const { runId, before } = await submitRun(database, {
        workspaceId,
        ...planOf(document),
        input: {},
        deadlineSeconds: 600,
      });
      await doorbell.ring(runId, before);
      return runId;
    },
    finish: (runIds) => untilFinished(database, runIds),
    readMarks: async () => {
      runner.child.send("marks");
      const [saying] = await once(runner.child, "message");
      const said = sayingSchema.parse(saying);
      return "marks" in said ? said.marks : [];
    },
    close: async () => {
      await doorbell.close();
      await database.close();
      for (const { child } of [runner, orchestrator]) await endChild(child);
      await postgres.stop();
    },
  };
}

function planOf(document: Document) {
  const compiled = compile(document, benchCatalog, { requireInputs: true, randomSeed: () => 1 });
  if (!compiled.ok)
    throw new Error(compiled.problems[0]?.message ?? "The document does not compile");
  return { plan: compiled.plan, document };
}

async function untilFinished(database: Database, runIds: readonly string[]): Promise<void> {
  for (;;) {
    const { items } = await listRuns(database, {
      workspaceId: localWorkspaceId,
      limit: runIds.length,
    });
    const own = items.filter(({ id }) => runIds.includes(id));
    const failed = own.find(({ status }) => ["FAILED", "CANCELED", "EXPIRED"].includes(status));
    if (failed !== undefined)
      throw new Error(`The run ${failed.id} ended as ${failed.status}: ${failed.error?.message}`);
    if (own.length === runIds.length && own.every(({ status }) => status === "SUCCEEDED")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function startPart(
  part: Part,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = fork(process.argv[1] ?? "", ["--part", JSON.stringify(part)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const ended = once(child, "exit").then(() => {
    throw new Error(`The ${part.part} did not start`);
  });
  const [saying] = await Promise.race([once(child, "message"), ended]);
  ended.catch(() => {});
  const said = sayingSchema.parse(saying);
  return { child, url: "url" in said ? said.url : "" };
}

async function endChild(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
