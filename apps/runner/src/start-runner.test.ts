import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import type { CompleteRequest, EventsRequest, LeaseRequest, Task } from "@heddle/core";
import { createLog, type BlobStore, type CheckpointStore } from "@heddle/infra";
import { afterEach, describe, expect, it } from "vitest";
import { OpError, type Op } from "./op.ts";
import { createWeights } from "./weights/create-weights.ts";
import { startRunner, type Runner, type RunnerOptions } from "./start-runner.ts";

/*
 * The runner against a server that speaks its protocol and answers what the test says, since an orchestrator does not
 * lose answers on demand. Both together are tested in apps/bench/src/faults.
 */

class FakeServer {
  readonly registered: unknown[] = [];
  readonly completed: CompleteRequest[] = [];
  readonly events: EventsRequest[] = [];
  /** Given out one by one; whoever asks later waits. */
  readonly tasks: Task[] = [];
  /** HTTP status of the next answers, by path; then 200. */
  readonly refusals: Record<string, number[]> = {};
  readonly leases: LeaseRequest[] = [];
  lost: string[] = [];
  canceled: Task[] = [];
  leaseMs = 30_000;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then(async (body) => {
        const path = request.url?.split("/").at(-1) ?? "";
        const refusal = this.refusals[path]?.shift();
        const answer = await this.#answer(path, JSON.parse(body));
        if (refusal === 0) return response.destroy();
        response.writeHead(refusal ?? 200).end(JSON.stringify(answer));
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  }

  close(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #answer(path: string, body: unknown): Promise<unknown> {
    if (path === "register") {
      this.registered.push(body);
      return { runnerId: `rnr_${this.registered.length}`, leaseMs: this.leaseMs, heartbeatMs: 50 };
    }
    if (path === "events") {
      this.events.push(body as EventsRequest);
      return { lost: this.lost, commands: [] };
    }
    if (path === "complete") {
      this.completed.push(body as CompleteRequest);
      const wanted = (body as CompleteRequest).lease !== undefined;
      return { accepted: true, tasks: wanted ? this.tasks.splice(0, 1) : [], commands: [] };
    }
    this.leases.push(body as LeaseRequest);
    const { freeSlots } = body as LeaseRequest;
    if (freeSlots > 0) {
      for (let wait = 0; wait < 40 && this.tasks.length === 0; wait += 1) await delay(5);
      return { tasks: this.tasks.splice(0, 1), commands: [] };
    }
    for (let wait = 0; wait < 40 && this.canceled.length === 0; wait += 1) await delay(5);
    const commands = this.canceled
      .splice(0)
      .map(({ taskId, epoch }) => ({ type: "cancel", taskId, epoch }));
    return { tasks: [], commands };
  }
}

let server: FakeServer;
let runner: Runner | undefined;
afterEach(async () => {
  await runner?.close();
  runner = undefined;
  server.close();
});

async function start(op: Op["run"], options: Partial<RunnerOptions> = {}): Promise<void> {
  server = new FakeServer();
  runner = startRunner({
    serverUrl: await server.listen(),
    token: "token",
    blobs: {} as BlobStore,
    checkpoints: {} as CheckpointStore,
    ops: [{ name: "op", run: op }],
    slots: 1,
    name: "test",
    device: { kind: "cpu", label: "CPU", memoryBytes: 1 },
    log: createLog({ app: "test", level: "fatal" }),
    drainMs: 200,
    ...options,
  });
}

let tasks = 0;
function task(about: Partial<Task> = {}): Task {
  tasks += 1;
  return {
    taskId: `stp_${tasks}`,
    epoch: 1,
    runId: "run_1",
    workspaceId: "ws_1",
    stepId: `n${tasks}`,
    nodeIds: [`n${tasks}`],
    item: null,
    op: "op",
    version: 1,
    params: {},
    inputs: {},
    cacheKey: "0".repeat(64),
    deadlineAt: null,
    ...about,
  };
}

const made = { out: { media: "text", text: "made" } } as const;
const untilAborted = (signal: AbortSignal) =>
  new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(new Error("aborted"))),
  );

describe("a runner", () => {
  it("does task after task: each completion brings the next one", async () => {
    await start(async ({ loaded }) => {
      loaded(7);
      return made;
    });
    server.tasks.push(task(), task(), task());
    await expect.poll(() => server.completed.length).toBe(3);
    expect(server.completed[0]).toMatchObject({
      runnerId: "rnr_1",
      epoch: 1,
      result: { status: "succeeded", outputs: made, loadMs: 7 },
    });
  });

  it("tells what the author can mend from what it cannot", async () => {
    const errors = [
      new OpError("image_too_large", "Too large", "image"),
      new Error("The disk is full"),
      "odd",
    ];
    await start(() => Promise.reject(errors.shift()));
    server.tasks.push(task(), task(), task(), task({ op: "unknown" }));
    await expect.poll(() => server.completed.length).toBe(4);
    expect(
      server.completed.map(({ result }) => (result.status === "failed" ? result.error : null)),
    ).toEqual([
      { class: "USER", code: "image_too_large", message: "Too large", portId: "image" },
      { class: "INFRA", code: "op_failed", message: "The disk is full" },
      { class: "INFRA", code: "op_failed", message: "odd" },
      { class: "INFRA", code: "unknown_op", message: 'This runner has no op "unknown"' },
    ]);
  });

  it("hands a result in until it is answered, word for word the same", async () => {
    await start(async () => made);
    server.refusals["complete"] = [0, 503, 0];
    server.tasks.push(task());
    await expect.poll(() => server.completed.length, { timeout: 10_000 }).toBe(4);
    const [first, ...again] = server.completed;
    for (const one of again) expect(one).toEqual(first);
  });

  it("registers as soon as the server answers, and again when that has forgotten it", async () => {
    await start(async () => made);
    server.refusals["register"] = [503, 0];
    server.refusals["lease"] = [404];
    server.tasks.push(task());
    await expect.poll(() => server.completed.length, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => server.registered.length).toBe(4);
  });

  it("stops when another one has taken its name", async () => {
    const reasons: string[] = [];
    await start(async () => made, { onTurnedAway: (reason) => reasons.push(reason) });
    server.refusals["events"] = [409, 409];
    await expect.poll(() => reasons).toEqual(["replaced"]);
    const known = server.registered.length;
    await delay(150);
    expect(server.registered.length).toBe(known);
  });

  it("stops when its token is refused, at its first call or at a later one", async () => {
    for (const path of ["register", "events"]) {
      const reasons: string[] = [];
      await start(async () => made, { onTurnedAway: (reason) => reasons.push(reason) });
      server.refusals[path] = [401, 401];
      await expect.poll(() => reasons).toEqual(["refused"]);
      const known = server.registered.length;
      await delay(150);
      expect(server.registered.length).toBe(known);
      if (path === "register") {
        await runner?.close();
        server.close();
      }
    }
  });

  it("aborts a task whose lease is lost, and says nothing of its result", async () => {
    let aborted = false;
    await start(async ({ signal }) => {
      await untilAborted(signal).catch(() => (aborted = true));
      return made;
    });
    const lost = task();
    server.lost = [lost.taskId];
    server.tasks.push(lost);
    await expect.poll(() => aborted).toBe(true);
    expect(server.completed).toEqual([]);
  });

  it("aborts a task that is cancelled, and hands it back", async () => {
    await start(({ signal }) => untilAborted(signal));
    const canceled = task();
    server.tasks.push(canceled);
    await expect.poll(() => server.events.some(({ running }) => running.length > 0)).toBe(true);
    server.canceled.push(canceled);
    await expect
      .poll(() => server.completed)
      .toMatchObject([{ taskId: canceled.taskId, result: { status: "canceled" } }]);
  });

  it("aborts what it does when the server is silent for too long", async () => {
    await start(({ signal }) => untilAborted(signal));
    server.leaseMs = 150;
    server.tasks.push(task());
    await expect.poll(() => server.events.some(({ running }) => running.length > 0)).toBe(true);
    server.refusals["events"] = Array.from({ length: 20 }, () => 503);
    await expect.poll(() => server.completed).toMatchObject([{ result: { status: "canceled" } }]);
  });

  it("sends progress as whole numbers, the newest only, with the words that were last said about it", async () => {
    await start(async ({ progress, note }) => {
      for (let done = 0; done <= 100; done += 1) {
        note(`loss ${100 - done}`);
        progress("computing", done + 0.4, 100, Number.NaN);
      }
      await delay(300);
      return made;
    });
    server.tasks.push(task());
    await expect.poll(() => server.completed.length).toBe(1);
    const sent = server.events.flatMap(({ progress }) => progress);
    expect(sent).toMatchObject([
      { phase: "computing", done: 100, total: 100, leftMs: 0, note: "loss 0" },
    ]);
  });

  it("says with every request for work which weights it holds, and once what it loaded", async () => {
    const weights = createWeights();
    const adapters = weights.values<Uint8Array>({ modelId: "lora", sizeOf: () => 10 });
    const sha256 = "ab".repeat(32);
    const source = { sha256, sizeBytes: 10, load: async () => new Uint8Array(10) };
    await start(
      async () => {
        (await adapters.acquire(source)).release();
        return made;
      },
      { weights },
    );
    server.tasks.push(task());
    await expect.poll(() => server.completed.length).toBe(1);
    const held = { modelId: "lora", sha256, sizeBytes: 10, tier: "ram" };
    await expect.poll(() => server.leases.at(-1)?.resident).toEqual([held]);
    expect([server.leases[0]?.resident, server.completed[0]?.lease?.resident]).toEqual([
      [],
      [held],
    ]);
    const told = () => server.events.flatMap(({ loads }) => loads);
    await expect.poll(told).toEqual([{ ...held, ms: expect.any(Number) }]);
    const heartbeats = server.events.length;
    await expect.poll(() => server.events.length).toBeGreaterThan(heartbeats + 2);
    expect(told()).toHaveLength(1);
  });

  it("finishes what it does before it stops, takes nothing more, and says goodbye", async () => {
    await start(async () => {
      await delay(100);
      return made;
    });
    server.tasks.push(task());
    await expect.poll(() => server.tasks.length).toBe(0);
    server.tasks.push(task());
    await runner?.close();
    expect(server.completed).toMatchObject([{ result: { status: "succeeded" } }]);
    expect(server.completed[0]?.lease).toBeUndefined();
    expect(server.tasks).toHaveLength(1);
    expect(server.events.at(-1)).toMatchObject({ leaving: true, running: [] });
  });

  it("hands back what it cannot finish in time before it stops", async () => {
    await start(({ signal }) => untilAborted(signal));
    server.tasks.push(task());
    await expect.poll(() => server.tasks.length).toBe(0);
    await delay(20);
    await runner?.close();
    expect(server.completed).toMatchObject([{ result: { status: "canceled" } }]);
  });
});
