import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCheckpointStore } from "./create-blob-store.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "heddle-checkpoints-"));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = () => createCheckpointStore(`file:${directory}`);
const files = () => readdir(join(directory, "checkpoints"));

describe("checkpoints", () => {
  it("are there for whoever opens the same blob store, until they are removed", async () => {
    const state = randomBytes(100_000);
    await open().write("a", state);
    expect(Buffer.from((await open().read("a")) ?? []).equals(state)).toBe(true);
    expect(await open().read("b")).toBeNull();
    await open().remove("a");
    await open().remove("a");
    expect(await open().read("a")).toBeNull();
    expect(await files()).toEqual([]);
  });

  it("take the place of the one before, and leave nothing else behind", async () => {
    const store = open();
    for (const size of [1000, 10, 500]) await store.write("a", Buffer.alloc(size, size % 251));
    expect(await store.read("a")).toEqual(Buffer.alloc(500, 500 % 251));
    expect(await files()).toHaveLength(1);
  });

  it("count as not there when they are cut or changed", async () => {
    const store = open();
    await store.write("a", Buffer.from("the state"));
    const [name = ""] = await files();
    const path = join(directory, "checkpoints", name);
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, -1));
    expect(await store.read("a")).toBeNull();
    await writeFile(path, Buffer.concat([whole.subarray(0, -1), Buffer.from("x")]));
    expect(await store.read("a")).toBeNull();
    await writeFile(path, "");
    expect(await store.read("a")).toBeNull();
  });

  it("are removed when nobody came back for them in a week", async () => {
    const store = open();
    await store.write("old", Buffer.from("old"));
    const [name = ""] = await files();
    const eightDaysAgo = Date.now() / 1000 - 8 * 24 * 3600;
    await utimes(join(directory, "checkpoints", name), eightDaysAgo, eightDaysAgo);
    await store.write("new", Buffer.from("new"));
    expect(await store.read("old")).toBeNull();
    expect(await store.read("new")).toEqual(Buffer.from("new"));
  });
});
