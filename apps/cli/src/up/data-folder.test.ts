import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeDataFolder, openDataFolder } from "./data-folder.ts";

let parent: string;
let folder: string;

beforeEach(() => {
  parent = mkdtempSync(path.join(tmpdir(), "heddle-test-"));
  folder = path.join(parent, "a/b");
});
afterEach(() => rmSync(parent, { recursive: true }));

describe("the data folder", () => {
  it("is made with its parents, and its secrets are readable by their owner only", () => {
    makeDataFolder(folder);
    openDataFolder(folder);
    expect(statSync(path.join(folder, "secrets.json")).mode & 0o777).toBe(0o600);
    expect(statSync(path.join(folder, "local-key")).mode & 0o777).toBe(0o600);
  });

  it("keeps its secrets and its id from one start to the next", () => {
    makeDataFolder(folder);
    expect(openDataFolder(folder)).toEqual(openDataFolder(folder));
  });

  it("of a newer version is refused by name", () => {
    makeDataFolder(folder);
    writeFileSync(path.join(folder, "folder.json"), '{"version":2,"id":"0123456789abcdef"}');
    expect(() => openDataFolder(folder)).toThrow(/newer Heddle \(version 2, this one knows 1\)/);
  });

  it("with a damaged file is refused, and the file stays as it is", () => {
    makeDataFolder(folder);
    const file = path.join(folder, "secrets.json");
    writeFileSync(file, "{");
    expect(() => openDataFolder(folder)).toThrow(`${file} is damaged`);
    expect(readFileSync(file, "utf8")).toBe("{");
  });
});
