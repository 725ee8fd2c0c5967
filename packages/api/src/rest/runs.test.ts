import { localWorkspaceId } from "@heddle/db";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { approvalDocument, textDocument } from "../testing/build-document.ts";
import { startTestApi, testOrigin, type TestApi } from "../testing/start-test-api.ts";
import { runResultSchema } from "../wire/run-result.ts";

let test: TestApi;
let paused: TestApi;
beforeAll(async () => {
  [test, paused] = await Promise.all([startTestApi(), startTestApi({}, { advance: false })]);
});
afterAll(() => Promise.all([test.close(), paused.close()]));

const body = { document: textDocument(), input: { greeting: "Good evening" } };

describe("POST /api/v1/runs", () => {
  it("answers 201 with the finished run when it ends within the wait", async () => {
    const response = await test.call("POST", "/api/v1/runs", {
      json: body,
      headers: { prefer: "wait=30" },
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("preference-applied")).toBe("wait=30");
    const result = runResultSchema.parse(await response.json());
    expect(response.headers.get("location")).toBe(`${testOrigin}/api/v1/runs/${result.run.id}`);
    expect(result.run.status).toBe("SUCCEEDED");
    expect(result.outputs).toEqual({ result: [{ media: "text", text: "Good evening" }] });
    expect(result.cost).toEqual({ usd: 0, deviceMs: 0 });
    expect(result.steps.every(({ status }) => status === "SUCCEEDED")).toBe(true);
  });

  it("answers 202 at once without a wait, and 202 when the wait is over before the run", async () => {
    const atOnce = await paused.call("POST", "/api/v1/runs", { json: body });
    expect(atOnce.status).toBe(202);
    const startedAt = Date.now();
    const waited = await paused.call("POST", "/api/v1/runs", {
      json: body,
      headers: { prefer: "wait=1" },
    });
    expect(waited.status).toBe(202);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(950);
    expect(runResultSchema.parse(await waited.json()).run.status).toBe("QUEUED");
  });

  it("makes one run of any number of requests with one Idempotency-Key, also at the same time", async () => {
    const headers = { "idempotency-key": "order-1" };
    const responses = await Promise.all(
      Array.from({ length: 8 }, () => test.call("POST", "/api/v1/runs", { json: body, headers })),
    );
    const ids = await Promise.all(
      responses.map(async (one) => runResultSchema.parse(await one.json()).run.id),
    );
    expect(new Set(ids).size).toBe(1);
    expect(
      responses.filter((one) => one.headers.get("idempotency-replayed") === null),
    ).toHaveLength(1);
  });

  it("refuses an Idempotency-Key that came with another body", async () => {
    const headers = { "idempotency-key": "order-2" };
    await test.call("POST", "/api/v1/runs", { json: body, headers });
    const other = await test.call("POST", "/api/v1/runs", {
      json: { ...body, input: { greeting: "Bye" } },
      headers,
    });
    expect(other.status).toBe(422);
    expect(await other.json()).toMatchObject({
      code: "invalid",
      detail: expect.stringContaining("Idempotency-Key"),
    });
  });

  it("runs only what the targets need", async () => {
    const response = await test.call("POST", "/api/v1/runs", {
      json: { ...body, targets: ["greeting"] },
      headers: { prefer: "wait=30" },
    });
    const result = runResultSchema.parse(await response.json());
    expect(result.steps.flatMap(({ nodeIds }) => nodeIds)).toEqual(["greeting"]);
  });
});

describe("GET /api/v1/runs/{id} and POST …/cancel", () => {
  it("gives the same run that was submitted, and cancels it at once", async () => {
    const submitted = runResultSchema.parse(
      await (await paused.call("POST", "/api/v1/runs", { json: body })).json(),
    );
    const path = `/api/v1/runs/${submitted.run.id}`;
    expect(runResultSchema.parse(await (await paused.call("GET", path)).json())).toEqual(submitted);
    const cancelled = await paused.call("POST", `${path}/cancel`);
    expect(cancelled.status).toBe(202);
    expect(runResultSchema.parse(await cancelled.json()).run.status).toBe("CANCELED");
  });

  it("pauses a run and lets it go on, as often as it is asked to", async () => {
    const submitted = runResultSchema.parse(
      await (await paused.call("POST", "/api/v1/runs", { json: body })).json(),
    );
    for (const [call, status] of [
      ["pause", "PAUSED"],
      ["pause", "PAUSED"],
      ["resume", "SUCCEEDED"],
      ["resume", "SUCCEEDED"],
      ["pause", "SUCCEEDED"],
    ] as const) {
      const response = await paused.call("POST", `/api/v1/runs/${submitted.run.id}/${call}`);
      expect(response.status).toBe(200);
      expect(runResultSchema.parse(await response.json()).run.status).toBe(status);
    }
  });

  it("lets a person approve or decline what a run waits for, once", async () => {
    for (const [approve, status, other] of [
      ["approve", "SUCCEEDED", "decline"],
      ["decline", "FAILED", "approve"],
    ] as const) {
      const { run } = runResultSchema.parse(
        await (
          await test.call("POST", "/api/v1/runs", { json: { document: approvalDocument() } })
        ).json(),
      );
      const path = `/api/v1/runs/${run.id}`;
      const asked = async () => runResultSchema.parse(await (await test.call("GET", path)).json());
      await expect
        .poll(async () => (await asked()).steps.find(({ nodeId }) => nodeId === "ask")?.status)
        .toBe("WAITING");
      const decided = await test.call("POST", `${path}/steps/ask/${approve}`);
      expect(runResultSchema.parse(await decided.json()).run.status).toBe(status);
      expect((await test.call("POST", `${path}/steps/ask/${approve}`)).status).toBe(200);
      expect((await test.call("POST", `${path}/steps/ask/${other}`)).status).toBe(409);
      expect((await test.call("POST", `${path}/steps/result/${approve}`)).status).toBe(404);
    }
  });

  it("works with a key that may run, whoever calls", async () => {
    const key = await test.createKey(localWorkspaceId, ["run"]);
    const response = await test.call("POST", "/api/v1/runs", {
      json: body,
      key,
      headers: { host: "heddle.example" },
    });
    expect(response.status).toBe(202);
    const { run } = runResultSchema.parse(await response.json());
    const again = await test.call("GET", `/api/v1/runs/${run.id}`, {
      headers: { authorization: `Key ${key}` },
    });
    expect(again.status).toBe(200);
  });

  it("answers 404 for a run that does not exist", async () => {
    expect((await test.call("GET", "/api/v1/runs/run_nothing")).status).toBe(404);
  });
});
