import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readServerFile, serverFileOf } from "../server-file.ts";
import { lockDataFolder } from "./lock-data-folder.ts";
import { processStart } from "./process-identity.ts";

const url = "http://127.0.0.1:3000";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "heddle-test-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function leaveLock(pid: number, start: string): void {
  const lock = { pid, processStart: start, url: "http://127.0.0.1:1" };
  writeFileSync(serverFileOf(folder), JSON.stringify(lock));
}

describe("the lock of a data folder", () => {
  it("names who serves it, until it is given back", () => {
    const unlock = lockDataFolder(folder, url);
    expect(readServerFile(folder)).toMatchObject({ pid: process.pid, url });
    unlock();
    expect(existsSync(serverFileOf(folder))).toBe(false);
  });

  it("is held against a second one while its process lives", () => {
    leaveLock(process.ppid, processStart(process.ppid) ?? "");
    expect(() => lockDataFolder(folder, url)).toThrow(
      /already runs on .* at http:\/\/127\.0\.0\.1:1/,
    );
  });

  it("of a dead process is taken over", () => {
    const { pid } = spawnSync("true");
    leaveLock(pid, "long ago");
    lockDataFolder(folder, url)();
  });

  it("of a process whose id another one has now is taken over", () => {
    leaveLock(process.ppid, "before the reboot");
    lockDataFolder(folder, url)();
  });

  it("that is damaged is taken over", () => {
    writeFileSync(serverFileOf(folder), "");
    lockDataFolder(folder, url)();
  });
});
