import type { Settings } from "../env.ts";
import { Fatal } from "../fatal.ts";
import { dialableHost, inUrl, readyLines, urlOf } from "./addresses.ts";
import { checkDatabase } from "./check-database.ts";
import { makeDataFolder, openDataFolder, type DataFolder } from "./data-folder.ts";
import { keepRunning, type KeepHooks, type KeptProcess, type ProcessSpec } from "./keep-running.ts";
import { lastWordOf } from "./last-word.ts";
import { listenForStop } from "./listen-for-stop.ts";
import { lockDataFolder } from "./lock-data-folder.ts";
import { migrate } from "./migrate.ts";
import { choosePort, isPortFree } from "./ports.ts";
import { startPostgres } from "./postgres/start-postgres.ts";
import { processSpecs, type Addresses } from "./process-specs.ts";
import { waitForHealth } from "./wait-for-health.ts";

export interface UpOptions {
  /** The processes write on this terminal instead of into log files. */
  readonly verbose: boolean;
}

/** A process that ended this often before the server was ever well will not start at all. */
const deathsBeforeGivingUp = 4;

/** One start, from the first process to the last. Owned by `up`; steps add what they start to `kept`. */
interface Run {
  readonly settings: Settings;
  readonly options: UpOptions;
  readonly startedAt: number;
  /** In the order in which they were started; they are stopped in the opposite order. */
  readonly kept: KeptProcess[];
  /** Aborted by whoever wants Heddle to end; with a Fatal as reason when the start failed. */
  readonly ending: AbortController;
  isWell: boolean;
}

/** `heddle up`: starts Heddle on this machine, keeps it running, and ends it in good order when it is told to. */
export async function up(settings: Settings, options: UpOptions): Promise<void> {
  if (process.platform === "win32") throw new Fatal("runs on Linux and macOS; on Windows, use WSL");
  // Whoever reads our lines may go away; that is no reason to stop serving.
  process.stdout.on("error", () => undefined);
  process.stderr.on("error", () => undefined);
  const run: Run = {
    settings,
    options,
    startedAt: performance.now(),
    kept: [],
    ending: new AbortController(),
    isWell: false,
  };
  makeDataFolder(settings.dataFolder);
  const unlock = lockDataFolder(settings.dataFolder, urlOf(settings));
  const stopListening = listenForStop(settings, {
    stop: () => run.ending.abort(),
    stopNow: () => run.kept.forEach((kept) => kept.kill()),
  });
  try {
    await serve(run);
  } catch (error) {
    const { aborted, reason } = run.ending.signal;
    // A start that was told to end fails at whatever step it is; that is not worth a word.
    if (!aborted) throw error;
    if (reason instanceof Fatal) throw reason;
  } finally {
    run.ending.abort();
    await stopAll(run);
    unlock();
    stopListening();
  }
}

async function serve(run: Run): Promise<void> {
  const { settings } = run;
  const { signal } = run.ending;
  const data = openDataFolder(settings.dataFolder);
  const ports = await choosePorts(settings);
  const databaseUrl = await startDatabase(run, data);
  say("database ready");
  const addresses: Addresses = {
    ...ports,
    host: settings.host,
    publicUrl: urlOf(settings),
    databaseUrl,
  };
  const { orchestrator, runners, web } = processSpecs({
    settings,
    data,
    addresses,
    verbose: run.options.verbose,
  });
  await migrate({ args: orchestrator.args, env: orchestrator.env, cwd: orchestrator.cwd, signal });
  say(
    `starting orchestrator, ${runners.length === 1 ? "runner" : `${runners.length} runners`} and web`,
  );
  for (const spec of [orchestrator, ...runners, web])
    run.kept.push(keepRunning(spec, hooksOf(run)));
  await waitForHealth(`http://${inUrl(dialableHost(settings.host))}:${settings.port}`, {
    say,
    signal,
  });
  run.isWell = true;
  console.log(readyLines(settings, performance.now() - run.startedAt).join("\n"));
  await untilAborted(signal);
}

async function choosePorts({
  host,
  port,
  orchestratorPort,
}: Settings): Promise<{ port: number; orchestratorPort: number }> {
  if (!(await isPortFree(port, host))) {
    throw new Fatal(
      `port ${port} on ${host} is taken; choose another one, for example PORT=${port + 100} npm start`,
    );
  }
  if (orchestratorPort === undefined) {
    return { port, orchestratorPort: await choosePort(port + 1, "127.0.0.1") };
  }
  if (!(await isPortFree(orchestratorPort, "127.0.0.1"))) {
    throw new Fatal(`port ${orchestratorPort} is taken; set ORCHESTRATOR_PORT to another one`);
  }
  return { port, orchestratorPort };
}

async function startDatabase(run: Run, data: DataFolder): Promise<string> {
  const { databaseUrl, checkout } = run.settings;
  if (databaseUrl !== undefined) {
    await checkDatabase(databaseUrl);
    return databaseUrl;
  }
  return await startPostgres({
    checkout,
    data,
    logFile: run.options.verbose ? null : `${data.logs}/database.log`,
    hooks: hooksOf(run),
    signal: run.ending.signal,
    started: (kept) => run.kept.push(kept),
  });
}

function hooksOf(run: Run): KeepHooks {
  return {
    say,
    gaveUp: (spec, deaths) => {
      if (run.ending.signal.aborted) return true;
      const hopeless = !run.isWell && deaths >= deathsBeforeGivingUp;
      if (hopeless) run.ending.abort(doesNotStart(spec));
      return hopeless;
    },
  };
}

function doesNotStart({ name, logFile }: ProcessSpec): Fatal {
  const why = logFile === null ? "see above" : `${lastWordOf(logFile)} (see ${logFile})`;
  return new Fatal(`the ${name} does not start: ${why}`);
}

/** Ends what runs, the last started first: nobody loses what he still writes to. */
async function stopAll(run: Run): Promise<void> {
  if (run.isWell) say("stopping");
  for (const kept of run.kept.toReversed()) await kept.stop();
  if (run.isWell) say("stopped");
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function say(line: string): void {
  console.log(`  ${line}`);
}
