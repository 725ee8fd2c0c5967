import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { Redis } from "ioredis";

/** Whether this machine has a Redis server; `npm test` installs one where it may. */
export const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

export interface TestRedis {
  readonly url: string;
  /** Ends it as a crash does, and with it everything that it held. */
  kill(): Promise<void>;
  /** Starts it again on the same port, empty. */
  restart(): Promise<void>;
  /** FLUSHALL. */
  flush(): Promise<void>;
  /** From now on it refuses every write for lack of memory; `room` ends that. */
  fill(): Promise<void>;
  room(): Promise<void>;
}

/** A real Redis on a free port that keeps nothing on disk. */
export async function startRedis(): Promise<TestRedis> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let child = await launch(port);
  const kill = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  };
  return {
    url,
    kill,
    restart: async () => {
      child = await launch(port);
    },
    flush: () => tell(url, "FLUSHALL"),
    fill: () => tell(url, "CONFIG", "SET", "maxmemory", "1"),
    room: () => tell(url, "CONFIG", "SET", "maxmemory", "0"),
  };
}

async function tell(url: string, command: string, ...words: readonly string[]): Promise<void> {
  const client = new Redis(url, { maxRetriesPerRequest: 1 });
  try {
    await client.call(command, ...words);
  } finally {
    client.disconnect();
  }
}

async function launch(port: number) {
  const settings = [
    "--port",
    String(port),
    "--bind",
    "127.0.0.1",
    "--save",
    "",
    "--appendonly",
    "no",
  ];
  const child = spawn("redis-server", [...settings, "--maxmemory-policy", "noeviction"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await new Promise<void>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`redis-server ended with ${code}`)));
    child.stdout.on(
      "data",
      (chunk: Buffer) => chunk.includes("Ready to accept connections") && resolve(),
    );
  });
  return child;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("No free port");
  return address.port;
}
