import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  createTestDatabase,
  testCatalog,
  testDocument,
  testPlan,
  type TestDatabase,
} from "../testing/index.ts";
import { drain, start } from "../testing/test-engine.ts";
import { localWorkspaceId } from "../workspaces.ts";
import { cachedSteps } from "./cached-steps.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const document = (texts: string[], last = "last") =>
  testDocument(
    {
      texts: ["texts", { texts }],
      each: ["work", { name: "each" }],
      join: ["join"],
      last: ["work", { name: last }],
    },
    ["texts > each.in", "each > join.in", "join > last.in"],
  );
const reused = (plan: ReturnType<typeof testPlan>, workspaceId = localWorkspaceId) =>
  cachedSteps(test.database, { workspaceId, plan, catalog: testCatalog });

describe("what a run would reuse", () => {
  it("is nothing at first, everything after a run, and what does not depend on a change", async () => {
    expect(await reused(testPlan(document(["a", "b"])))).toEqual([]);
    await start(test.database, document(["a", "b"]));
    await drain(test.database);
    expect(await reused(testPlan(document(["a", "b"])))).toEqual(["each", "last"]);
    expect(await reused(testPlan(document(["a", "b"], "changed")))).toEqual(["each"]);
    expect(await reused(testPlan(document(["a", "c"])))).toEqual([]);
  });

  it("is a matter of the workspace alone", async () => {
    expect(await reused(testPlan(document(["a", "b"])), "ws_other")).toEqual([]);
  });
});
