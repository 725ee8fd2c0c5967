import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, expect, it } from "vitest";
import { freePort, HeddleProcess, temporaryFolder } from "../support/heddle-process.ts";

const started: HeddleProcess[] = [];
const trash: (() => void)[] = [];

afterEach(async () => {
  for (const heddle of started.splice(0).toReversed()) await heddle.stop();
  for (const dispose of trash.splice(0)) dispose();
});

async function start(
  env: Record<string, string> = {},
): Promise<{ heddle: HeddleProcess; data: string }> {
  const data = temporaryFolder("heddle-database-");
  trash.push(data.dispose);
  const heddle = new HeddleProcess({ dataFolder: data.path, port: await freePort(), env });
  started.push(heddle);
  await heddle.untilHealthy();
  return { heddle, data: data.path };
}

it("with DATABASE_URL no database is started, and two servers share one", async () => {
  const first = await start();
  const { port } = JSON.parse(readFileSync(path.join(first.data, "database.json"), "utf8")) as {
    port: number;
  };
  const secrets = readFileSync(path.join(first.data, "secrets.json"), "utf8");
  const { databasePassword } = JSON.parse(secrets) as { databasePassword: string };
  const second = await start({
    DATABASE_URL: `postgres://heddle:${databasePassword}@127.0.0.1:${port}/heddle`,
  });
  expect(existsSync(path.join(second.data, "database"))).toBe(false);
  expect((await fetch(`${second.heddle.url}/api/health`)).status).toBe(200);
});
