import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Fatal } from "../../fatal.ts";
import type { DataFolder } from "../data-folder.ts";
import {
  keepRunning,
  type KeepHooks,
  type KeptProcess,
  type ProcessSpec,
} from "../keep-running.ts";
import { choosePort } from "../ports.ts";
import { createDatabase } from "./create-database.ts";
import { findBinaries } from "./find-binaries.ts";
import { databaseLogin, initialiseCluster, postgresEnv } from "./initialise-cluster.ts";
import { placeDatabase, rememberPlace, type DatabasePlace } from "./place-database.ts";
import { postmasterPid, stopOrphan } from "./stop-orphan.ts";

const host = "127.0.0.1";
/** A crash recovery after much writing takes a while. */
const readyWithinMs = 120_000;

/**
 * Starts the database and stays beside it: when the pipe on descriptor 3 ends, because it was closed or because its
 * writer died, the database makes a fast shutdown. A shell and not Node, so that whatever ends all Node processes does
 * not end this one.
 */
const keeper = `
exec 3<&0
"$@" </dev/null 3<&- &
database=$!
{ read -r _ <&3; kill -INT "$database"; } 2>/dev/null &
wait "$database"
`;

interface StartRequest {
  readonly checkout: string;
  readonly data: DataFolder;
  readonly logFile: string | null;
  readonly hooks: KeepHooks;
  readonly signal: AbortSignal;
  /** Told of the process as soon as there is one, so that a start that is broken off can end it. */
  readonly started: (process: KeptProcess) => void;
}

/**
 * Starts the embedded PostgreSQL of a data folder, made on the first start, on a port of its own that stays the same.
 * Resolves with the URL of the database when it answers.
 */
export async function startPostgres(request: StartRequest): Promise<string> {
  const { checkout, data, hooks } = request;
  const binaries = findBinaries(checkout);
  const place = placeDatabase({ dataFolder: data.path, id: data.id, binaries, say: hooks.say });
  initialiseCluster(place, data.databasePassword);
  const found = await stopOrphan(place.cluster);
  if (found === "stopped") hooks.say("stopped the database of a run that was killed");
  const port = await choosePort(place.lastPort, host);
  rememberPlace(data.path, place.cluster, port);
  request.started(keepRunning(specOf(place, port, request.logFile), hooks));
  const serverUrl = `postgres://${databaseLogin}:${data.databasePassword}@${host}:${port}`;
  await untilReady(serverUrl, request.signal);
  return `${serverUrl}/heddle`;
}

function specOf(place: DatabasePlace, port: number, logFile: string | null): ProcessSpec {
  const settings = {
    port,
    listen_addresses: host,
    unix_socket_directories: "",
    max_connections: 200,
    shared_buffers: "128MB",
    log_min_messages: "warning",
    // Idle servers stay idle: no wake-ups for features that nobody uses here.
    jit: "off",
    max_wal_size: "1GB",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const postgres = path.join(place.binaries, "bin", "postgres");
  return {
    name: "database",
    command: "/bin/sh",
    args: ["-c", keeper, "heddle-database", postgres, "-D", place.cluster, ...flags],
    env: postgresEnv,
    cwd: "/",
    user: place.user,
    logFile,
    stopBy: "stdin",
    stopGraceMs: 30_000,
    prepare: async () => void (await stopOrphan(place.cluster)),
    kill: () => {
      const pid = postmasterPid(place.cluster);
      if (pid !== null) process.kill(pid, "SIGQUIT");
    },
  };
}

async function untilReady(serverUrl: string, signal: AbortSignal): Promise<void> {
  const end = performance.now() + readyWithinMs;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await createDatabase(serverUrl);
    } catch (error) {
      if (performance.now() > end || !isTransient(error)) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Fatal(`the database does not answer: ${reason}`);
      }
    }
    await delay(30, undefined, { signal });
  }
}

/** Not listening yet, or starting up (57P03), or recovering. */
function isTransient(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ECONNREFUSED" || code === "ECONNRESET" || code === "57P03";
}
