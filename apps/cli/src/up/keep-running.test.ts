import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { keepRunning, type KeepHooks, type KeptProcess, type ProcessSpec } from "./keep-running.ts";

let folder: string;
let log: string;
let kept: KeptProcess | undefined;
let said: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "heddle-test-"));
  log = path.join(folder, "log");
  said = [];
});
afterEach(async () => {
  await kept?.stop();
  rmSync(folder, { recursive: true });
});

function keep(
  script: string,
  more: Partial<ProcessSpec> = {},
  hooks: Partial<KeepHooks> = {},
): KeptProcess {
  const spec: ProcessSpec = {
    name: "worker",
    command: process.execPath,
    args: ["-e", script],
    env: { PATH: process.env["PATH"] },
    cwd: folder,
    logFile: log,
    stopBy: "SIGTERM",
    stopGraceMs: 10_000,
    ...more,
  };
  kept = keepRunning(spec, { say: (line) => said.push(line), gaveUp: () => false, ...hooks });
  return kept;
}

/** Waits for words in the log of the process. */
async function logged(pattern: RegExp): Promise<string> {
  return await vi.waitFor(
    () => {
      const text = readFileSync(log, "utf8");
      if (!pattern.test(text)) throw new Error(`not yet in ${text}`);
      return text;
    },
    { timeout: 20_000, interval: 20 },
  );
}

const forever = "setInterval(() => {}, 1000);";

describe("keepRunning", () => {
  it("starts a process again when it ends unasked, and says how it ended", async () => {
    keep(`console.log("here"); process.exit(3);`);
    await logged(/here\s+here/);
    expect(said[0]).toMatch(/^worker stopped \(exit status 3\); starting it again in 0\.5 s/);
  });

  it("does not start it again once it was told to stop, and waits for its end", async () => {
    keep(
      `process.on("SIGTERM", () => setTimeout(() => { console.log("bye"); process.exit(0); }, 200)); console.log("up"); ${forever}`,
    );
    await logged(/up/);
    await kept?.stop();
    expect(readFileSync(log, "utf8")).toBe("up\nbye\n");
    expect(said).toEqual([]);
  });

  it("kills what does not end in its time, with its children", async () => {
    const child = `require("child_process").spawn(process.execPath, ["-e", "${forever}"]).pid`;
    keep(`process.on("SIGTERM", () => {}); console.log("child", ${child}); ${forever}`, {
      stopGraceMs: 100,
    });
    const pid = Number(/child (\d+)/.exec(await logged(/child \d+/))?.[1]);
    await kept?.stop();
    await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow("ESRCH"), { timeout: 5_000 });
  });

  it("ends by the end of its stdin where that is agreed", async () => {
    keep(
      `process.stdin.on("end", () => { console.log("bye"); process.exit(0); }).resume(); console.log("up");`,
      { stopBy: "stdin" },
    );
    await logged(/up/);
    await kept?.stop();
    expect(readFileSync(log, "utf8")).toBe("up\nbye\n");
  });

  it("gives up when it is told that there is no hope", async () => {
    const deaths = await new Promise<number>((resolve) => {
      keep(
        "process.exit(1)",
        {},
        {
          gaveUp: (_spec, count) => {
            if (count === 2) resolve(count);
            return count === 2;
          },
        },
      );
    });
    expect(deaths).toBe(2);
    expect(said).toHaveLength(1);
  });

  it("says so when a program is not there", async () => {
    keep("", { command: path.join(folder, "nothing") });
    await vi.waitFor(() => expect(said[0]).toMatch(/ENOENT/), { timeout: 5_000 });
  });
});
