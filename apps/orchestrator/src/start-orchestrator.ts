import type { Catalog, Limits, Reached } from "@heddle/core";
import { checkDatabase, createDatabase } from "@heddle/db";
import {
  createDoorbell,
  createLive,
  type BlobStore,
  type CheckpointStore,
  type Log,
} from "@heddle/infra";
import { createAdvancer } from "./advancer.ts";
import { Completions } from "./completions.ts";
import { Dispatcher } from "./dispatch/dispatcher.ts";
import { Leadership } from "./dispatch/leadership.ts";
import { startFileSweeper } from "./file-sweeper.ts";
import { createFileRoutes, type FileRoutesOptions } from "./file-routes.ts";
import { listen, type Listening } from "./http/listen.ts";
import { createIdentifyRunner } from "./identify-runner.ts";
import { createMetrics } from "./metrics.ts";
import { createRunnerRoutes, type RunnerRoutesOptions } from "./runner-routes.ts";
import { createRunTraces } from "./run-traces.ts";
import { createRunners } from "./runners.ts";
import { startSweeper } from "./sweeper.ts";

export interface OrchestratorOptions {
  readonly databaseUrl: string;
  /** `redis://…`; absent: the doorbell hangs on the same Postgres. */
  readonly queueUrl?: string | undefined;
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** 0: any free one. */
  readonly port: number;
  /** Where the other orchestrators find this one; default the address that it listens at. */
  readonly advertisedUrl?: string | undefined;
  /** Steps of one workspace that may be under way at once; default: as many as there is room for. */
  readonly stepsPerWorkspace?: number | undefined;
  /** What this server's own runners show as `Authorization: Bearer …`; others have tokens of the database. */
  readonly token: string;
  readonly catalog: Catalog;
  readonly limits?: Limits | undefined;
  readonly log: Log;
  /** Milliseconds without a heartbeat after which a task goes to another runner; default 30,000. */
  readonly leaseMs?: number | undefined;
  /** Milliseconds between two looks for what nobody else sees to; default 1,000. */
  readonly sweepMs?: number | undefined;
  /** Absent: files are not swept, and runners have to have the store themselves. */
  readonly blobs?: BlobStore | undefined;
  readonly checkpoints?: CheckpointStore | undefined;
  /** Bytes of one file that a runner without the store may send; default 2 GiB. */
  readonly fileLimitBytes?: number | undefined;
  /** Milliseconds after which files that nobody needs go; absent: they stay. */
  readonly retentionMs?: number | undefined;
  /** Connections to Postgres at most, besides those of the doorbell and the live channel; default 10. */
  readonly poolSize?: number | undefined;
  /** Spans are sent: `startTracing` was called with an endpoint. Default false. */
  readonly tracing?: boolean | undefined;
  /** Told of crash points; default: nobody is. */
  readonly reached?: Reached | undefined;
}

export interface Orchestrator {
  /** Where runners reach it. */
  readonly url: string;
  /** Finishes what it has begun and lets go of everything; nothing is lost when this is not called. */
  close(): Promise<void>;
}

/** Runs that are advanced at the same time. */
const advancesAtOnce = 4;

/**
 * Starts one orchestrator: it advances runs, gives their steps to runners and looks after what got lost. It keeps no
 * state that is not in Postgres, so any number may run at once, and any may die at any time.
 */
export async function startOrchestrator(options: OrchestratorOptions): Promise<Orchestrator> {
  const { databaseUrl, queueUrl, log, catalog, limits, stepsPerWorkspace } = options;
  const { poolSize = 10, leaseMs = 30_000, sweepMs = 1_000, tracing = false, reached } = options;
  const database = createDatabase({ url: databaseUrl, poolSize, reached });
  const doorbell = createDoorbell({ databaseUrl, queueUrl, log });
  const live = createLive({ databaseUrl, log });
  const engine = { catalog, limits };
  const dispatcher = new Dispatcher({ database, engine, leaseMs, stepsPerWorkspace, log });
  const traces = createRunTraces(database, tracing);
  const advancer = createAdvancer({ database, engine, dispatcher, traces, log });
  const completions = new Completions({ database, engine, dispatcher, advancer, log });
  await live.ready();
  const hear = (payload: string) => dispatcher.hear(payload);
  live.subscribe("heddle_ready", hear, () => dispatcher.refreshAll());
  doorbell.answer((runId) => advancer.advance(runId), advancesAtOnce);
  const sweeper = startSweeper({ database, engine, dispatcher, everyMs: sweepMs, log });
  const fileSweeper = startFileSweeper({ ...options, database });
  const leadership = new Leadership({
    databaseUrl,
    onLead: () => dispatcher.lead(),
    onLost: () => dispatcher.stand(),
    log,
  });
  const parts = { database, live, dispatcher, completions, leadership, traces, leaseMs };
  const server = await serve({ ...options, ...parts });
  await leadership.start(options.advertisedUrl ?? server.url);
  log.info({ url: server.url }, "the orchestrator listens");
  return {
    url: server.url,
    close: async () => {
      dispatcher.close();
      await server.close();
      await Promise.all([sweeper.stop(), fileSweeper.stop()]);
      await doorbell.close();
      await completions.idle();
      await leadership.stop();
      await live.close();
      await database.close();
      log.info("the orchestrator stopped");
    },
  };
}

type Served = Omit<RunnerRoutesOptions, "runners" | "metrics"> &
  FileRoutesOptions &
  Pick<OrchestratorOptions, "host" | "port" | "token"> & {
    readonly leadership: Leadership;
  };

/** What runners, Prometheus and health checks reach. */
function serve(options: Served): Promise<Listening> {
  const { database, leadership, token, host = "127.0.0.1" } = options;
  const metrics = createMetrics(database);
  const runners = createRunners(database);
  return listen({
    ...options,
    host,
    identify: createIdentifyRunner(database, token),
    routes: createRunnerRoutes({ ...options, runners, metrics }),
    answeredAt: leadership,
    files: createFileRoutes(options),
    health: () => checkDatabase(database),
    metrics: metrics.registry,
  });
}
