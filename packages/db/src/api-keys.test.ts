import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApiKey, findApiKey, listApiKeys, revokeApiKey } from "./api-keys.ts";
import { findArtifact, readClock, recordArtifact } from "./artifacts.ts";
import { createTestDatabase, type TestDatabase } from "./testing/index.ts";
import { localWorkspaceId } from "./workspaces.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const workspaceId = localWorkspaceId;
const hashOf = (key: string) => createHash("sha256").update(key).digest("hex");

describe("an API key", () => {
  it("is found by its hash until it is revoked; the key itself is nowhere", async () => {
    const { database } = test;
    const created = await createApiKey(database, {
      workspaceId,
      name: "ci",
      scopes: ["run", "read"],
    });
    expect(created.key).toMatch(/^hdl_live_[0-9A-Za-z]{36}$/);
    expect(created.key.endsWith(created.lastFour)).toBe(true);
    expect(await findApiKey(database, hashOf(created.key))).toMatchObject({
      id: created.id,
      scopes: ["run", "read"],
    });
    const { rows } = await database.pool.query(
      "SELECT to_jsonb(api_key)::text AS row FROM api_key",
    );
    expect(JSON.stringify(rows)).not.toContain(created.key.slice(9));
    expect(await revokeApiKey(database, { workspaceId: "ws_other", id: created.id })).toBe(false);
    expect(await revokeApiKey(database, { workspaceId, id: created.id })).toBe(true);
    expect(await findApiKey(database, hashOf(created.key))).toBeNull();
    expect(await listApiKeys(database, { workspaceId })).toEqual([]);
  });

  it("tells when it was last used", async () => {
    const { database } = test;
    const { key, id } = await createApiKey(database, {
      workspaceId,
      name: "used",
      scopes: ["run"],
    });
    await findApiKey(database, hashOf(key));
    const [listed] = await listApiKeys(database, { workspaceId });
    expect(listed).toMatchObject({ id, name: "used" });
    expect(listed?.lastUsedAt).toBeInstanceOf(Date);
  });
});

describe("an artifact", () => {
  it("is there for the workspace that recorded it, as it was recorded first", async () => {
    const { database } = test;
    const artifact = {
      sha256: "c".repeat(64),
      contentType: "image/png",
      sizeBytes: 5_000_000_000,
      width: 4,
      height: 2,
    };
    const storedAfter = await readClock(database);
    await recordArtifact(database, { workspaceId, artifact, storedAfter });
    await recordArtifact(database, {
      workspaceId,
      storedAfter,
      artifact: { ...artifact, contentType: "text/plain" },
    });
    expect(await findArtifact(database, { workspaceId, sha256: artifact.sha256 })).toEqual(
      artifact,
    );
    expect(
      await findArtifact(database, { workspaceId: "ws_other", sha256: artifact.sha256 }),
    ).toBeNull();
  });
});
