import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, testDocument, type TestDatabase } from "../testing/index.ts";
import { start } from "../testing/test-engine.ts";
import { localWorkspaceId } from "../workspaces.ts";
import { listWorkflows } from "./list-workflows.ts";
import { getVersion, listVersions, publishVersion } from "./version.ts";
import { createWorkflow, deleteWorkflow, getWorkflow, saveWorkflow } from "./workflow.ts";

let test: TestDatabase;
const database = () => test.database;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const workspaceId = localWorkspaceId;
const document = testDocument({ text: ["text"], result: ["output"] }, ["text > result.value"]);
const create = (name: string) =>
  createWorkflow(database(), { workspaceId, name, document: { ...document, name } });

describe("a workflow", () => {
  it("is saved under the next revision, and its name follows the document", async () => {
    const { id, revision } = await create("first");
    const saved = await saveWorkflow(database(), {
      workspaceId,
      id,
      baseRevision: revision,
      document: { ...document, name: "renamed" },
    });
    expect(saved).toEqual({ ok: true, revision: 2 });
    expect(await getWorkflow(database(), { workspaceId, id })).toMatchObject({
      name: "renamed",
      revision: 2,
      slug: null,
    });
  });

  it("is not overwritten by somebody who did not see the last save: theirs comes back", async () => {
    const { id } = await create("shared");
    const theirs = { ...document, name: "theirs" };
    await saveWorkflow(database(), { workspaceId, id, baseRevision: 1, document: theirs });
    const mine = await saveWorkflow(database(), { workspaceId, id, baseRevision: 1, document });
    expect(mine).toEqual({ ok: false, revision: 2, document: theirs });
  });

  it("belongs to its workspace", async () => {
    const { id } = await create("mine");
    const key = { workspaceId: "ws_other", id };
    expect(await getWorkflow(database(), key)).toBeNull();
    expect(await deleteWorkflow(database(), key)).toBe(false);
    await expect(
      saveWorkflow(database(), { ...key, baseRevision: 1, document }),
    ).rejects.toMatchObject({ code: "not_found" });
  });

  it("that is deleted leaves its runs", async () => {
    const { id } = await create("short lived");
    const runId = await start(database(), document, { workflowId: id });
    expect(await deleteWorkflow(database(), { workspaceId, id })).toBe(true);
    const { rows } = await database().pool.query("SELECT workflow_id FROM run WHERE id = $1", [
      runId,
    ]);
    expect(rows).toEqual([{ workflow_id: null }]);
  });
});

describe("the list of workflows", () => {
  it("finds by a part of the name, also one with signs of its own meaning in SQL", async () => {
    await create("100% wool");
    await create("100 sheep");
    const { items } = await listWorkflows(database(), { workspaceId, query: "0% W", limit: 10 });
    expect(items.map(({ name }) => name)).toEqual(["100% wool"]);
  });

  it("comes in pages, last changed first", async () => {
    for (const name of ["page a", "page b", "page c"]) await create(name);
    const first = await listWorkflows(database(), { workspaceId, query: "page", limit: 2 });
    const second = await listWorkflows(database(), {
      workspaceId,
      query: "page",
      limit: 2,
      cursor: first.nextCursor,
    });
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual([
      "page c",
      "page b",
      "page a",
    ]);
    expect(second.nextCursor).toBeNull();
  });

  it("shows the first picture, else the first film, of the latest successful run", async () => {
    const { id } = await create("pictured");
    const runId = await start(database(), document, { workflowId: id });
    const artifact = {
      sha256: "a".repeat(64),
      contentType: "image/png",
      sizeBytes: 1,
      width: 2,
      height: 3,
    };
    const film = { ...artifact, sha256: "b".repeat(64), contentType: "video/mp4" };
    const thumbnailOf = async (outputs: Readonly<Record<string, unknown>>) => {
      await database().pool.query("UPDATE run SET outputs = $2 WHERE id = $1", [
        runId,
        JSON.stringify(outputs),
      ]);
      const page = await listWorkflows(database(), { workspaceId, query: "pictured", limit: 1 });
      return page.items[0]?.thumbnail;
    };
    const moving = { media: "video", artifact: film };
    const list = { media: "list", of: "image", items: [{ media: "image", artifact }] };
    expect(await thumbnailOf({ moving, list })).toEqual(artifact);
    expect(await thumbnailOf({ moving })).toEqual(film);
    expect(await thumbnailOf({ words: { media: "text", text: "x" } })).toBeNull();
  });
});

describe("a version", () => {
  it("stays as it was published, and is found by its owner, name and number", async () => {
    const { id: workflowId } = await create("published");
    const publish = (name: string, note: string) =>
      publishVersion(database(), {
        workspaceId,
        workflowId,
        slug: "poster",
        note,
        document: { ...document, name },
      });
    expect(await publish("one", "first")).toMatchObject({ number: 1 });
    expect(await publish("two", "second")).toMatchObject({ number: 2 });
    const found = (number?: number) =>
      getVersion(database(), { ownerSlug: "local", name: "poster", number });
    expect(await found()).toMatchObject({ number: 2, latestNumber: 2, document: { name: "two" } });
    expect(await found(1)).toMatchObject({
      number: 1,
      latestNumber: 2,
      note: "first",
      document: { name: "one" },
    });
    expect(await found(3)).toBeNull();
    expect(await getVersion(database(), { ownerSlug: "nobody", name: "poster" })).toBeNull();
    const versions = await listVersions(database(), { workspaceId, workflowId });
    expect(versions.map(({ number, note }) => [number, note])).toEqual([
      [2, "second"],
      [1, "first"],
    ]);
  });

  it("gets a number of its own also when two are published at once", async () => {
    const { id: workflowId } = await create("busy");
    const options = { workspaceId, workflowId, slug: "busy", note: "", document };
    const published = await Promise.all(
      Array.from({ length: 5 }, () => publishVersion(database(), options)),
    );
    expect(published.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });

  it("does not take the name of another workflow", async () => {
    const [first, second] = [await create("left"), await create("right")];
    const options = { workspaceId, slug: "taken", note: "", document };
    await publishVersion(database(), { ...options, workflowId: first.id });
    const clash = publishVersion(database(), { ...options, workflowId: second.id });
    await expect(clash).rejects.toMatchObject({ code: "conflict" });
    const foreign = publishVersion(database(), {
      ...options,
      workspaceId: "ws_other",
      workflowId: first.id,
    });
    await expect(foreign).rejects.toMatchObject({ code: "not_found" });
  });
});
