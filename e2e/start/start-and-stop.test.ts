import { statSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort, HeddleProcess, temporaryFolder } from "../support/heddle-process.ts";
import { killAll, processesWith, type RunningProcess } from "../support/processes.ts";

let data: ReturnType<typeof temporaryFolder>;
let port: number;
let heddle: HeddleProcess | undefined;

beforeAll(async () => {
  data = temporaryFolder("heddle-start-");
  port = await freePort();
});
afterEach(async () => {
  await heddle?.stop();
  heddle = undefined;
});
afterAll(() => data.dispose());

function start(): HeddleProcess {
  heddle = new HeddleProcess({ dataFolder: data.path, port });
  return heddle;
}

/** What belongs to this server, by the name that it has in `heddle up`'s words. */
function find(name: "web" | "runner" | "orchestrator" | "database"): RunningProcess {
  const marks = {
    web: "next",
    runner: "runner/dist",
    orchestrator: "orchestrator/dist",
    database: "bin/postgres -D",
  };
  const all = processesWith(data.path).filter(({ command }) => !command.startsWith("/bin/sh"));
  const found = all.find(({ command }) => command.includes(marks[name]));
  if (found === undefined)
    throw new Error(`${name} does not run among:\n${all.map((one) => one.command).join("\n")}`);
  return found;
}

async function untilNothingRuns(withinMs: number): Promise<RunningProcess[]> {
  const end = performance.now() + withinMs;
  while (processesWith(data.path).length > 0 && performance.now() < end) await delay(100);
  return processesWith(data.path);
}

describe("npm start", () => {
  it("makes its data folder and says where it serves", async () => {
    const first = start();
    await first.untilHealthy();
    await first.untilSaid(new RegExp(`Heddle is ready at http://127\\.0\\.0\\.1:${port}`));
  });

  it("is well again within 10 s the second time", async () => {
    const took = await start().untilHealthy();
    expect(took).toBeLessThan(10_000);
  });

  it("keeps secrets for its owner only", () => {
    for (const name of ["secrets.json", "local-key"]) {
      expect(statSync(path.join(data.path, name)).mode & 0o777, name).toBe(0o600);
    }
  });

  it("refuses a second start on the same data folder in one line, and the first serves on", async () => {
    await start().untilHealthy();
    const second = new HeddleProcess({ dataFolder: data.path, port: await freePort() });
    expect(await second.untilExit()).toBe(1);
    expect(second.output.trim().split("\n")).toHaveLength(1);
    expect(second.output).toContain("already runs");
    expect((await fetch(`http://127.0.0.1:${port}/api/health`)).status).toBe(200);
  });
});

describe("a process that dies", () => {
  let running: HeddleProcess;
  beforeAll(async () => {
    running = new HeddleProcess({ dataFolder: data.path, port });
    await running.untilHealthy();
  });
  afterAll(async () => await running.stop());

  it.each(["runner", "orchestrator", "web", "database"] as const)(
    "%s is started again, and it is said",
    async (name) => {
      const before = find(name).pid;
      process.kill(before, "SIGKILL");
      await running.untilSaid(new RegExp(`${name} stopped \\(.*starting it again`));
      await vi.waitFor(() => expect(find(name).pid).not.toBe(before), { timeout: 30_000 });
      await running.untilHealthy(60_000);
    },
  );
});

describe("the end", () => {
  it("SIGTERM leaves no process and gives status 0", async () => {
    const running = start();
    await running.untilHealthy();
    expect(await running.stop("SIGTERM")).toBe(0);
    expect(await untilNothingRuns(1_000)).toEqual([]);
  });

  it("Ctrl-C leaves no process, although the whole group gets the signal", async () => {
    const running = start();
    await running.untilHealthy();
    expect(await running.interrupt()).toBe(0);
    expect(await untilNothingRuns(1_000)).toEqual([]);
  });

  it("Ctrl-C during the start leaves no process", async () => {
    const running = start();
    await running.untilSaid(/database ready/);
    expect(await running.interrupt()).toBe(0);
    expect(await untilNothingRuns(1_000)).toEqual([]);
  });

  it("kill -9 of the parent leaves no process, and the next start recovers", async () => {
    const running = start();
    await running.untilHealthy();
    running.child.kill("SIGKILL");
    expect(await untilNothingRuns(20_000)).toEqual([]);
    expect(await start().untilHealthy()).toBeLessThan(20_000);
  });

  it.each(["SIGTERM", "SIGKILL"] as const)("%s to npm leaves no process", async (signal) => {
    heddle = new HeddleProcess({
      dataFolder: data.path,
      port,
      command: ["npm", "start", "--silent"],
    });
    await heddle.untilHealthy();
    heddle.child.kill(signal);
    expect(await untilNothingRuns(20_000)).toEqual([]);
  });

  it("kill -9 of everything at once is recovered from", async () => {
    await start().untilHealthy();
    killAll(processesWith(data.path));
    await untilNothingRuns(5_000);
    await start().untilHealthy();
  });
});
