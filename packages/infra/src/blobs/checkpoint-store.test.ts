import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { s3Credentials, startS3 } from "../testing/start-s3.ts";
import { checkpointName } from "./checkpoint-format.ts";
import type { CheckpointStore } from "./checkpoint-store.ts";
import { createCheckpointStore } from "./create-blob-store.ts";

interface Place {
  readonly open: () => CheckpointStore;
  /** Where a checkpoint lies. */
  readonly pathOf: (key: string) => string;
  readonly close: () => Promise<void>;
}

async function makeFolder(): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), "heddle-checkpoints-"));
  return {
    open: () => createCheckpointStore(`file:${directory}`),
    pathOf: (key) => join(directory, "checkpoints", checkpointName(key)),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

async function makeBucket(): Promise<Place> {
  const s3 = await startS3();
  return {
    open: () => createCheckpointStore(s3.url, s3Credentials),
    pathOf: (key) => s3.pathOf(`checkpoints/${checkpointName(key)}`),
    close: () => s3.close(),
  };
}

describe.each([
  { kind: "files", make: makeFolder },
  { kind: "objects on S3", make: makeBucket },
])("checkpoints as $kind", ({ make }) => {
  let place: Place;
  beforeEach(async () => {
    place = await make();
  });
  afterEach(() => place.close());

  /** Beside what S3 servers keep of their own. */
  const files = async () =>
    (await readdir(dirname(place.pathOf("a")))).filter((name) =>
      /^[0-9a-f]{64}(\._S3rver_object)?$/.test(name),
    );

  it("are there for whoever opens the same blob store, until they are removed", async () => {
    const state = randomBytes(100_000);
    await place.open().write("a", state);
    expect(Buffer.from((await place.open().read("a")) ?? []).equals(state)).toBe(true);
    expect(await place.open().read("b")).toBeNull();
    await place.open().remove("a");
    await place.open().remove("a");
    expect(await place.open().read("a")).toBeNull();
  });

  it("take the place of the one before, and leave nothing else behind", async () => {
    const store = place.open();
    for (const size of [1000, 10, 500]) await store.write("a", Buffer.alloc(size, size % 251));
    expect(await store.read("a")).toEqual(Buffer.alloc(500, 500 % 251));
    expect(await files()).toHaveLength(1);
  });

  it("count as not there when they are cut or changed", async () => {
    const store = place.open();
    await store.write("a", Buffer.from("the state"));
    const path = place.pathOf("a");
    const whole = await readFile(path);
    await writeFile(path, whole.subarray(0, -1));
    expect(await store.read("a")).toBeNull();
    await writeFile(path, Buffer.concat([whole.subarray(0, -1), Buffer.from("x")]));
    expect(await store.read("a")).toBeNull();
    await writeFile(path, "");
    expect(await store.read("a")).toBeNull();
  });

  it("are removed when nobody came back for them in a week", async () => {
    const store = place.open();
    await store.write("old", Buffer.from("old"));
    const eightDaysAgo = Date.now() / 1000 - 8 * 24 * 3600;
    await utimes(place.pathOf("old"), eightDaysAgo, eightDaysAgo);
    await store.write("new", Buffer.from("new"));
    expect(await store.read("old")).toBeNull();
    expect(await store.read("new")).toEqual(Buffer.from("new"));
  });
});
