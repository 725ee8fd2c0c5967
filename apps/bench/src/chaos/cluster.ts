import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
  createDatabase,
  ensureLocalWorkspace,
  localWorkspaceId,
  migrate,
  readClock,
  recordArtifact,
  type Database,
} from "@heddle/db";
import { freePort, startPostgres, type TemporaryPostgres } from "@heddle/db/temporary-postgres";
import type { ArtifactRef } from "@heddle/core";
import { createBlobStore, type BlobStore } from "@heddle/infra";
import { startRedis, type TestRedis } from "@heddle/infra/temporary-redis";
import sharp from "sharp";
import { Part, type PartKind } from "./part.ts";
import { startTcpProxy, type TcpProxy } from "./tcp-proxy.ts";

export interface ClusterOptions {
  /** Seconds without a heartbeat after which a step goes to another runner. */
  readonly leaseSeconds: number;
  /** The root of the checkout, with everything built. */
  readonly checkout: string;
}

/** Heddle as it runs in production: web, two orchestrators, three runners, Postgres that waits for its disk, Redis. */
export interface Cluster {
  readonly webUrl: string;
  readonly web: Part;
  readonly orchestrators: readonly Part[];
  readonly runners: readonly Part[];
  /** All of them, in the order in which they start. */
  readonly parts: readonly Part[];
  readonly postgres: TemporaryPostgres;
  readonly redis: TestRedis;
  /** Between the web app and Postgres. */
  readonly webDatabase: TcpProxy;
  /** Between the orchestrators and Postgres. */
  readonly engineDatabase: TcpProxy;
  /** Between the runners and each orchestrator. */
  readonly runnerProxies: readonly TcpProxy[];
  /** Straight to Postgres, for what is checked. */
  readonly database: Database;
  readonly databaseUrl: string;
  readonly blobs: BlobStore;
  readonly leaseMs: number;
  /** What workflows work on. */
  readonly photo: ArtifactRef;
  close(): Promise<void>;
}

const token = "a token for the runners of chaos";
const host = "127.0.0.1";

export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const folder = mkdtempSync(join(tmpdir(), "heddle-chaos-"));
  for (const name of ["logs", "blobs"]) mkdirSync(join(folder, name));
  const [postgres, redis] = await Promise.all([startPostgres({ durable: true }), startRedis()]);
  const databaseUrl = `${postgres.serverUrl}/postgres`;
  await migrate(databaseUrl);
  const database = createDatabase({ url: databaseUrl, poolSize: 4 });
  await ensureLocalWorkspace(database);
  const blobUrl = `file:${join(folder, "blobs")}`;
  const blobs = createBlobStore(blobUrl);
  const shared = { ...options, folder, blobUrl, queueUrl: redis.url };
  const { proxies, parts, webUrl } = await createParts(shared, databaseUrl);
  const all = [...parts.orchestrators, ...parts.runners, parts.web];
  for (const part of all) part.start();
  await Promise.all(all.map((part) => part.serves()));
  return {
    ...parts,
    ...proxies,
    parts: all,
    webUrl,
    postgres,
    redis,
    database,
    databaseUrl,
    blobs,
    leaseMs: options.leaseSeconds * 1000,
    photo: await storePhoto(database, blobs),
    close: async () => {
      for (const part of all.toReversed()) await part.kill();
      const { webDatabase, engineDatabase, runnerProxies } = proxies;
      for (const proxy of [webDatabase, engineDatabase, ...runnerProxies]) await proxy.close();
      await database.close();
      await redis.kill();
      await postgres.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The processes, which are not started yet, and the proxies that they reach each other by. */
async function createParts(
  shared: Omit<ServerSettings, "port" | "databaseUrl">,
  databaseUrl: string,
) {
  const databasePort = Number(new URL(databaseUrl).port);
  const through = ({ port }: TcpProxy) => databaseUrl.replace(`:${databasePort}/`, `:${port}/`);
  const webDatabase = await startTcpProxy(databasePort);
  const engineDatabase = await startTcpProxy(databasePort);
  const webPort = await freePort();
  const ports = [await freePort(), await freePort()];
  const runnerProxies = await Promise.all(ports.map((port) => startTcpProxy(port)));
  const engine = { ...shared, databaseUrl: through(engineDatabase) };
  const parts = {
    web: webPart({ ...shared, databaseUrl: through(webDatabase), port: webPort }),
    orchestrators: ports.map((port, at) => orchestratorPart({ ...engine, port }, at + 1)),
    runners: [0, 1, 0].map((at, index) =>
      runnerPart({ ...shared, port: runnerProxies[at]?.port ?? 0 }, index + 1),
    ),
  };
  const proxies = { webDatabase, engineDatabase, runnerProxies };
  return { proxies, parts, webUrl: `http://${host}:${webPort}` };
}

interface PartSettings extends ClusterOptions {
  readonly folder: string;
  readonly blobUrl: string;
  /** Of the web app and an orchestrator: its own; of a runner: where its orchestrator is. */
  readonly port: number;
}

interface ServerSettings extends PartSettings {
  readonly databaseUrl: string;
  readonly queueUrl: string;
}

function webPart(settings: ServerSettings): Part {
  const { checkout, port } = settings;
  const app = join(checkout, "apps/web");
  const next = createRequire(join(app, "package.json")).resolve("next/dist/bin/next");
  return nodePart(settings, {
    name: "web",
    kind: "web",
    args: [next, "start", app, "--port", String(port), "--hostname", host],
    env: { ...serverEnv(settings), HOST: host, PORT: String(port), HEDDLE_SECRET: token },
    health: `http://${host}:${port}/api/health`,
  });
}

function orchestratorPart(settings: ServerSettings, number: number): Part {
  const { checkout, port, leaseSeconds } = settings;
  return nodePart(settings, {
    name: `orchestrator ${number}`,
    kind: "orchestrator",
    args: [join(checkout, "apps/orchestrator/dist/main.mjs")],
    env: {
      ...serverEnv(settings),
      ORCHESTRATOR_PORT: String(port),
      RUNNER_TOKEN: token,
      HEDDLE_LEASE_SECONDS: String(leaseSeconds),
    },
    health: `http://${host}:${port}/health`,
  });
}

function runnerPart(settings: PartSettings, number: number): Part {
  const name = `runner ${number}`;
  return nodePart(settings, {
    name,
    kind: "runner",
    args: [join(settings.checkout, "apps/runner/dist/main.mjs")],
    env: {
      ORCHESTRATOR_URL: `http://${host}:${settings.port}`,
      RUNNER_TOKEN: token,
      RUNNER_NAME: name,
      RUNNER_SLOTS: "4",
    },
    health: null,
  });
}

interface NodePart {
  readonly name: string;
  readonly kind: PartKind;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly health: string | null;
}

function nodePart({ checkout, folder, blobUrl }: PartSettings, part: NodePart): Part {
  const followParent = join(checkout, "apps/cli/follow-parent.mjs");
  return new Part({
    ...part,
    args: ["--import", followParent, ...part.args],
    env: {
      PATH: process.execPath,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
      LOG_LEVEL: "info",
      BLOB_URL: blobUrl,
      ...part.env,
    },
    cwd: resolve(checkout),
    logs: join(folder, "logs"),
  });
}

function serverEnv({ databaseUrl, queueUrl }: ServerSettings): Record<string, string> {
  return { DATABASE_URL: databaseUrl, QUEUE_URL: queueUrl };
}

async function storePhoto(database: Database, blobs: BlobStore): Promise<ArtifactRef> {
  const [width, height] = [16, 16];
  const background = { r: 200, g: 90, b: 60 };
  const png = await sharp({ create: { width, height, channels: 3, background } })
    .png()
    .toBuffer();
  const storedAfter = await readClock(database);
  const artifact = { ...(await blobs.put(png)), contentType: "image/png", width, height };
  await recordArtifact(database, { workspaceId: localWorkspaceId, artifact, storedAfter });
  return artifact;
}
