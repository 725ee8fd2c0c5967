import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { foreignWorkspaceId, startTestApi, type TestApi } from "../testing/start-test-api.ts";
import { createdRunnerTokenSchema, runnerTokenSchema } from "../wire/runner-token.ts";

const path = "/api/v1/runner-tokens";
let test: TestApi;
beforeAll(async () => {
  test = await startTestApi({}, { advance: false });
});
afterAll(() => test.close());

async function create(json: unknown, key?: string) {
  const response = await test.call("POST", path, { json, ...(key === undefined ? {} : { key }) });
  expect(response.status).toBe(201);
  return createdRunnerTokenSchema.parse(await response.json());
}

async function list(key?: string) {
  const response = await test.call("GET", path, key === undefined ? {} : { key });
  const { tokens } = (await response.json()) as { tokens: unknown[] };
  return tokens.map((token) => runnerTokenSchema.parse(token));
}

describe("runner tokens", () => {
  it("are made, listed without their secret, and revoked once", async () => {
    const made = await create({ name: "lab", scope: "cluster" });
    expect(made.token).toMatch(/^hdl_run_/);
    const [listed] = await list();
    const { id, lastFour } = made;
    expect(listed).toMatchObject({ id, lastFour, name: "lab", scope: "cluster", runners: 0 });
    expect(JSON.stringify(await list())).not.toContain(made.token.slice(8, -4));
    expect((await test.call("DELETE", `${path}/${id}`)).status).toBe(204);
    expect((await test.call("DELETE", `${path}/${id}`)).status).toBe(404);
    expect(await list()).toEqual([]);
  });

  it("are of the workspace alone, unless whoever runs the server says otherwise", async () => {
    const key = await test.createKey(foreignWorkspaceId);
    const json = { name: "ours", scope: "cluster" };
    const refused = await test.call("POST", path, { key, json });
    expect(refused.status).toBe(403);
    expect(await refused.json()).toMatchObject({ detail: expect.stringContaining("cluster") });
    const { id } = await create({ name: "ours" }, key);
    expect(await list(key)).toMatchObject([{ id, scope: "workspace" }]);
    expect(await list()).toEqual([]);
  });

  it("are made with a key that may manage, and with a name", async () => {
    const key = await test.createKey(foreignWorkspaceId, ["run", "read"]);
    expect((await test.call("POST", path, { key, json: { name: "x" } })).status).toBe(403);
    expect((await test.call("POST", path, { json: { name: " " } })).status).toBe(422);
  });
});
