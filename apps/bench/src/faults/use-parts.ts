import { assert, compile, isTerminalRun, type CrashPoint, type Document } from "@heddle/core";
import { getRun, localWorkspaceId as workspaceId, submitRun, type RunView } from "@heddle/db";
import { checkInvariants, createTestDatabase, type TestDatabase } from "@heddle/db/testing";
import { freePort } from "@heddle/db/temporary-postgres";
import { createDoorbell, createLog, type Doorbell } from "@heddle/infra";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { benchCatalog } from "../overhead/bench-catalog.ts";
import { buildParts, startPart, type StartedPart } from "./start-part.ts";

const token = "a token for the tests only";
const slots = 2;
/** Milliseconds without a heartbeat after which a task goes to another runner. */
export const leaseMs = 3_000;

export interface RunnerSettings {
  /** The orchestrator that it asks. */
  readonly at?: StartedPart;
  readonly name?: string;
  readonly blobUrl?: string;
  readonly crashAt?: CrashPoint;
}

/** The parts of Heddle as processes of their own, on a database of their own for every test of the file. */
export class Parts {
  readonly #parts = new Set<StartedPart>();
  #test: TestDatabase | undefined;
  #doorbell: Doorbell | undefined;
  #port = 0;

  get database() {
    return this.#opened().database;
  }

  async open(): Promise<void> {
    this.#test = await createTestDatabase();
    const log = createLog({ app: "test", level: "fatal" });
    this.#doorbell = createDoorbell({ databaseUrl: this.#test.url, log });
    this.#port = await freePort();
  }

  async close(): Promise<void> {
    for (const part of this.#parts) await part.kill();
    this.#parts.clear();
    await this.#doorbell?.close();
    await this.#test?.drop();
    this.#doorbell = this.#test = undefined;
  }

  startOrchestrator(crashAt?: CrashPoint): Promise<StartedPart> {
    const { url: databaseUrl } = this.#opened();
    const port = this.#port;
    return this.#start({ part: "orchestrator", databaseUrl, token, port, leaseMs, crashAt });
  }

  /** One more, at an address of its own: it stands by while the first dispatches. */
  async startStandby(): Promise<StartedPart> {
    const { url: databaseUrl } = this.#opened();
    const port = await freePort();
    return this.#start({ part: "orchestrator", databaseUrl, token, port, leaseMs });
  }

  /** By default it asks the orchestrator that `startOrchestrator` started. */
  startRunner({ at, ...settings }: RunnerSettings = {}): Promise<StartedPart> {
    const serverUrl = at?.url ?? `http://127.0.0.1:${this.#port}`;
    return this.#start({ part: "runner", serverUrl, token, slots, ...settings });
  }

  startSubmitter(key: string, crashAt?: CrashPoint): Promise<StartedPart> {
    const { url: databaseUrl } = this.#opened();
    return this.#start({ part: "submitter", databaseUrl, key, crashAt });
  }

  /** Hands a run in and rings. */
  async submit(document: Document): Promise<string> {
    const compiled = compile(document, benchCatalog, { requireInputs: true, randomSeed: () => 1 });
    if (!compiled.ok) throw new Error("The document does not compile");
    const { plan } = compiled;
    const about = { workspaceId, plan, document, input: {}, deadlineSeconds: 600 };
    const { runId } = await submitRun(this.database, about);
    await this.#doorbell?.ring(runId);
    return runId;
  }

  /** Resolves with the run as soon as it is as `wanted` says. */
  async until(runId: string, wanted: (run: RunView) => boolean): Promise<RunView> {
    for (;;) {
      const run = await getRun(this.database, { workspaceId, runId });
      if (run !== null && wanted(run)) return run;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Every run comes to its end, whole, and no invariant is broken. */
  async expectWhole(...runIds: readonly string[]): Promise<void> {
    for (const runId of runIds) {
      const { status, error } = await this.until(runId, isOver);
      assert(status === "SUCCEEDED", `run ${runId} is ${status}: ${error?.message ?? ""}`);
    }
    await checkInvariants(this.database);
  }

  async #start(part: Parameters<typeof startPart>[0]): Promise<StartedPart> {
    const started = await startPart(part);
    this.#parts.add(started);
    return started;
  }

  #opened(): TestDatabase {
    if (this.#test === undefined) throw new Error("Parts are started inside a test");
    return this.#test;
  }
}

/** Opened before and closed after each test of the file that calls it. */
export function useParts(): Parts {
  const parts = new Parts();
  beforeAll(buildParts);
  beforeEach(() => parts.open());
  afterEach(() => parts.close());
  afterAll(() => parts.close());
  return parts;
}

export const isOver = (run: RunView) => isTerminalRun(run.status);

/** As many steps are done. */
export const done = (count: number) => (run: RunView) =>
  run.steps.filter(({ status }) => status === "SUCCEEDED").length >= count;
