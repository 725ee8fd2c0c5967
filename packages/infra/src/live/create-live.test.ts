import { Client } from "pg";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { createLog } from "../log.ts";
import { databaseUrl } from "../testing/database-url.ts";
import { createLive, type Live } from "./create-live.ts";

const log = createLog({ app: "test", level: "silent" });
const open: Live[] = [];
let url: string;
beforeAll(async () => {
  url = await databaseUrl();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((live) => live.close()));
});

async function openLive(applicationName: string): Promise<Live> {
  const live = createLive({ databaseUrl: `${url}?application_name=${applicationName}`, log });
  open.push(live);
  await live.ready();
  return live;
}

/** Resolves with the first `count` payloads. */
function collect(live: Live, count: number): Promise<string[]> {
  const payloads: string[] = [];
  return new Promise((resolve) => {
    live.subscribe("heddle_progress", (payload) => {
      payloads.push(payload);
      if (payloads.length === count) resolve(payloads);
    });
  });
}

describe("live news", () => {
  it("reach the other process in the order in which they were told", async () => {
    const [teller, listener] = await Promise.all([openLive("teller"), openLive("listener")]);
    const heard = collect(listener, 3);
    for (const payload of ["1 of 3", "2 of 3", "3 of 3"])
      await teller.publish("heddle_progress", payload);
    expect(await heard).toEqual(["1 of 3", "2 of 3", "3 of 3"]);
  });

  it("stop after unsubscribing and never cross channels", async () => {
    const live = await openLive("channels");
    const wrong: string[] = [];
    live.subscribe("heddle_run", (payload) => wrong.push(payload));
    live.subscribe("heddle_progress", (payload) => wrong.push(payload))();
    const heard = collect(live, 1);
    await live.publish("heddle_progress", "only here");
    expect(await heard).toEqual(["only here"]);
    expect(wrong).toEqual([]);
  });

  it("come again after the connection was cut, and the gap is told", async () => {
    const live = await openLive("cut");
    const reconnected = new Promise<void>((resolve) => {
      live.subscribe("heddle_run", () => undefined, resolve);
    });
    const admin = new Client({ connectionString: url });
    await admin.connect();
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cut'",
    );
    await admin.end();
    await reconnected;
    const heard = collect(live, 1);
    await live.publish("heddle_progress", "still here");
    expect(await heard).toEqual(["still here"]);
  });
});
