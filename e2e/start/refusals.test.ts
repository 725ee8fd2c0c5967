import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkout, freePort, HeddleProcess, temporaryFolder } from "../support/heddle-process.ts";

let data: ReturnType<typeof temporaryFolder>;
let port: number;

beforeEach(async () => {
  data = temporaryFolder("heddle-refusal-");
  port = await freePort();
});
afterEach(() => data.dispose());

/** Starts, and expects one clear line and exit status 1. */
async function refusal(
  options: Partial<ConstructorParameters<typeof HeddleProcess>[0]> = {},
): Promise<string> {
  const heddle = new HeddleProcess({ dataFolder: data.path, port, ...options });
  const status = await heddle.untilExit();
  expect(status, heddle.output).toBe(1);
  const errors = heddle.output.split("\n").filter((line) => line.startsWith("heddle:"));
  expect(errors, heddle.output).toHaveLength(1);
  return errors[0] ?? "";
}

async function occupy(): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return server;
}

describe("npm start says in one line", () => {
  it("that the port is taken, and how to choose another", async () => {
    const server = await occupy();
    expect(await refusal()).toMatch(new RegExp(`port ${port} .*taken.*PORT=\\d+ npm start`));
    server.close();
  });

  it("that a setting is wrong", async () => {
    expect(await refusal({ env: { PORT: "http" } })).toContain("PORT must be");
    expect(await refusal({ env: { DATABASE_URL: "mysql://x" } })).toContain(
      "DATABASE_URL must be a postgres:// URL",
    );
  });

  it.each([
    ["HEDDLE_QUOTA_RUNS", "many", "the web does not start: HEDDLE_QUOTA_RUNS must be a number"],
    ["HEDDLE_QUOTA_STEPS", "0", "the orchestrator does not start: HEDDLE_QUOTA_STEPS must be at"],
  ])("that a setting of a part of it is wrong: %s=%s", async (name, value, message) => {
    expect(await refusal({ env: { [name]: value } })).toContain(message);
  });

  it("that the database of DATABASE_URL does not answer", async () => {
    const env = { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" };
    expect(await refusal({ env })).toMatch(
      /cannot use the database 127\.0\.0\.1:1\/none of DATABASE_URL/,
    );
  });

  it("that the data folder is of a newer version", async () => {
    writeFileSync(
      path.join(data.path, "folder.json"),
      JSON.stringify({ version: 99, id: "0123456789abcdef" }),
    );
    expect(await refusal()).toMatch(/made by a newer Heddle/);
  });

  it("that the data folder is a file", async () => {
    const file = path.join(data.path, "file");
    writeFileSync(file, "");
    expect(await refusal({ dataFolder: file })).toContain("is not a folder");
  });

  it.runIf(process.getuid?.() !== 0)("that the data folder cannot be written", async () => {
    const folder = path.join(data.path, "closed");
    mkdirSync(folder, { mode: 0o500 });
    expect(await refusal({ dataFolder: folder })).toContain("no permission to write");
  });

  it.runIf(existsSync("/proc"))("that the data folder cannot be made", async () => {
    expect(await refusal({ dataFolder: "/proc/heddle" })).toContain("no permission to write");
  });

  it("that Node is too old", () => {
    const pretend = 'Object.defineProperty(process.versions, "node", { value: "18.20.0" })';
    const url = `file://${path.join(checkout, "apps/cli/start.mjs")}`;
    const script = `${pretend}; import(${JSON.stringify(url)})`;
    let stderr = "";
    try {
      execFileSync(process.execPath, ["-e", script], { stdio: ["ignore", "ignore", "pipe"] });
    } catch (error) {
      stderr = String((error as { stderr?: Buffer }).stderr ?? "");
    }
    expect(stderr).toBe("heddle: needs Node 20.19 or newer; this is Node 18.20.0.\n");
  });
});
