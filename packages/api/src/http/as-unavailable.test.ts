import { createDatabase } from "@heddle/db";
import { createLive, createLog } from "@heddle/infra";
import { afterAll, beforeAll, expect, it } from "vitest";
import { textDocument } from "../testing/build-document.ts";
import { startTestApi, toRequest, type TestApi } from "../testing/start-test-api.ts";
import { handleRest } from "../rest/handle-rest.ts";
import { handleTrpc } from "../trpc/handle-trpc.ts";

let test: TestApi;
beforeAll(async () => {
  test = await startTestApi({}, { advance: false });
});
afterAll(() => test.close());

it("a database that is away gives 503 with Retry-After, over REST and tRPC, and 503 health", async () => {
  const database = createDatabase({ url: "postgres://heddle@127.0.0.1:1/none" });
  const away = { ...test.api, database };
  const json = { document: textDocument() };
  const submitted = await handleRest(away, toRequest("POST", "/api/v1/runs", { json }));
  expect(submitted.status).toBe(503);
  expect(submitted.headers.get("retry-after")).toBe("2");
  expect(await submitted.json()).toMatchObject({ code: "unavailable" });
  for (const path of ["/api/v1/runs/run_x", "/api/v1/keys"]) {
    expect((await handleRest(away, toRequest("GET", path))).status).toBe(503);
  }
  expect((await handleTrpc(away, toRequest("GET", "/api/trpc/runner.list"))).status).toBe(503);
  const health = await handleRest(away, toRequest("GET", "/api/health"));
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({
    status: "unavailable",
    database: "failed",
    runners: [],
  });
  await database.close();
});

it("a run is accepted when the queue is away: the sweeper rings later", async () => {
  const doorbell = {
    ...test.api.doorbell,
    ring: () => Promise.reject(new Error("the queue is away")),
  };
  const json = { document: textDocument() };
  const response = await handleRest(
    { ...test.api, doorbell },
    toRequest("POST", "/api/v1/runs", { json }),
  );
  expect(response.status).toBe(202);
});

it("waiting for a run needs no live connection", async () => {
  const log = createLog({ app: "test", level: "silent" });
  const live = createLive({ databaseUrl: "postgres://heddle@127.0.0.1:1/none", log });
  const json = { document: textDocument() };
  const headers = { prefer: "wait=1" };
  const response = await handleRest(
    { ...test.api, live },
    toRequest("POST", "/api/v1/runs", { json, headers }),
  );
  expect(response.status).toBe(202);
  await live.close();
});
