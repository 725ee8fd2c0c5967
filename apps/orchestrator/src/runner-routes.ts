import {
  completeRequestSchema,
  eventsRequestSchema,
  leaseRequestSchema,
  registerRequestSchema,
  type Command,
  type CompleteResponse,
  type EventsRequest,
  type EventsResponse,
  type LeaseResponse,
  type RegisterResponse,
  type TaskResult,
} from "@heddle/core";
import {
  findForeignFile,
  heartbeat,
  registerRunner,
  removeRunner,
  type Database,
  type RunnerIdentity,
} from "@heddle/db";
import { inSpan, type Live, type Log } from "@heddle/infra";
import type { Completions } from "./completions.ts";
import type { Dispatcher } from "./dispatch/dispatcher.ts";
import type { LeaseRequest } from "./dispatch/waiter.ts";
import { route, type Caller, type Route } from "./http/route.ts";
import type { Metrics } from "./metrics.ts";
import type { RunTraces } from "./run-traces.ts";
import type { Runners } from "./runners.ts";

export interface RunnerRoutesOptions {
  readonly database: Database;
  readonly live: Live;
  readonly dispatcher: Dispatcher;
  readonly completions: Completions;
  readonly runners: Runners;
  readonly metrics: Metrics;
  readonly traces: RunTraces;
  readonly leaseMs: number;
  readonly log: Log;
}

const kilobyte = 1024;
/** A result may hold a list of long texts. */
const resultBytes = 32 * 1024 * kilobyte;
const smallBytes = 1024 * kilobyte;
/** Postgres takes 8,000 bytes in one notification. */
const notificationBytes = 7_900;

/** The runner protocol, by path. */
export function createRunnerRoutes(options: RunnerRoutesOptions): ReadonlyMap<string, Route> {
  return new Map([
    ["/runner/v1/register", registerRoute(options)],
    ["/runner/v1/lease", leaseRoute(options)],
    ["/runner/v1/events", eventsRoute(options)],
    ["/runner/v1/complete", completeRoute(options)],
  ]);
}

function registerRoute({ database, leaseMs, log }: RunnerRoutesOptions): Route {
  return route(
    { schema: registerRequestSchema, maxBytes: smallBytes },
    async ({ protocol: _, ...runner }, { identity }) => {
      const runnerId = await registerRunner(database, { ...runner, identity });
      const { name, ops, device } = runner;
      log.info({ runnerId, name, device: device.label, ops, ...identity }, "a runner registered");
      return { runnerId, leaseMs, heartbeatMs: Math.floor(leaseMs / 3) } satisfies RegisterResponse;
    },
  );
}

function leaseRoute(options: RunnerRoutesOptions): Route {
  const { runners, dispatcher } = options;
  return route(
    { schema: leaseRequestSchema, maxBytes: smallBytes },
    async (request, caller): Promise<LeaseResponse> => {
      const { runnerId, resident } = request;
      const { workspaceId } = caller.identity;
      await runners.check(runnerId, caller.identity);
      const runner = await runners.find(runnerId);
      dispatcher.hearRunner(runnerId, { ...runner, workspaceId, resident });
      return leaseTo(options, request, caller);
    },
  );
}

/** Whose token is revoked while they wait gets nothing any more. */
async function leaseTo(
  { dispatcher, metrics, traces }: RunnerRoutesOptions,
  wish: Omit<LeaseRequest, "signal">,
  { signal, check }: Caller,
): Promise<LeaseResponse> {
  const given = await dispatcher.lease({ ...wish, signal });
  if (given.tasks.length > 0) {
    try {
      await check();
    } catch (error) {
      await dispatcher.handBack(given.tasks, wish.runnerId);
      throw error;
    }
  }
  metrics.leased(given.tasks.length);
  return { ...given, tasks: await traces.leased(given.tasks, wish.runnerId) };
}

function eventsRoute(options: RunnerRoutesOptions): Route {
  const { database, dispatcher, runners, live, metrics, leaseMs, log } = options;
  return route(
    { schema: eventsRequestSchema, maxBytes: smallBytes },
    async (request, { identity }): Promise<EventsResponse> => {
      const { runnerId, running, leaving } = request;
      const { workspaceId } = identity;
      await runners.check(runnerId, identity);
      const runner = await runners.touch(runnerId, request);
      dispatcher.hearRunner(runnerId, { ...runner, workspaceId });
      const held = await heartbeat(database, { runnerId, running, leaseMs });
      const { lost, canceled, runIds } = held;
      for (const load of request.loads) {
        metrics.loaded(load);
        dispatcher.loaded(runnerId, load);
        log.info({ runnerId, ...load }, "a runner loaded weights");
      }
      if (leaving) {
        await removeRunner(database, runnerId);
        dispatcher.removeRunner(runnerId);
      }
      relayProgress(request, runIds, live).catch((error: unknown) =>
        log.debug({ err: error }, "progress was not relayed"),
      );
      return {
        lost: [...lost],
        commands: canceled.map((lease): Command => ({ type: "cancel", ...lease })),
      };
    },
  );
}

/** Only the newest of each task that the runner holds, and of its run; nothing of it is written down. */
async function relayProgress(
  { progress }: EventsRequest,
  runIds: ReadonlyMap<string, string>,
  live: Live,
): Promise<void> {
  const newest = new Map(progress.map((one) => [one.taskId, one]));
  for (const { taskId, epoch: _, ...one } of newest.values()) {
    const payload = JSON.stringify(one);
    const isOwn = runIds.get(taskId) === one.runId;
    if (isOwn && Buffer.byteLength(payload) <= notificationBytes) {
      await live.publish("heddle_progress", payload);
    }
  }
}

function completeRoute(options: RunnerRoutesOptions): Route {
  const { database, completions, runners, dispatcher, metrics, traces } = options;
  return route(
    { schema: completeRequestSchema, maxBytes: resultBytes },
    async (request, caller): Promise<CompleteResponse> => {
      const { runId, lease, ...handedIn } = request;
      const { runnerId } = handedIn;
      const { workspaceId } = caller.identity;
      await runners.check(runnerId, caller.identity);
      const result = await withoutForeignFiles(database, handedIn.result, caller.identity);
      const completion = { ...handedIn, result };
      // The result counts, whatever becomes of the wish for more.
      const runner = lease === undefined ? null : await runners.find(runnerId).catch(() => null);
      if (runner !== null && lease !== undefined)
        dispatcher.hearRunner(runnerId, { ...runner, workspaceId, resident: lease.resident });
      const wish = runner !== null && lease !== undefined && lease.freeSlots > 0;
      const { accepted, next } = await inSpan("complete step", { parent: caller.traceparent }, () =>
        completions.complete(runId, { ...completion, wish }),
      );
      metrics.completed(accepted ? completion.result.status : "refused");
      metrics.leased(next === null ? 0 : 1);
      if (next !== null) {
        if (caller.signal.aborted) await dispatcher.handBack([next], runnerId);
        return { accepted, tasks: await traces.leased([next], runnerId), commands: [] };
      }
      if (lease === undefined || runner === null) return { accepted, tasks: [], commands: [] };
      const given = await leaseTo(options, { ...lease, runnerId }, caller);
      return { ...given, accepted };
    },
  );
}

/** A result of a workspace's own runner that names a file which is none of its own counts as failed. */
async function withoutForeignFiles(
  database: Database,
  result: TaskResult,
  { tokenId, workspaceId }: RunnerIdentity,
): Promise<TaskResult> {
  if (result.status !== "succeeded" || tokenId === null || workspaceId === null) return result;
  const { outputs } = result;
  const foreign = await findForeignFile(database, { tokenId, workspaceId, outputs });
  if (foreign === null) return result;
  const message = `The runner named the file ${foreign}, which it has not stored`;
  return { status: "failed", error: { class: "INFRA", code: "output_not_stored", message } };
}
