import { afterAll, beforeAll, expect, it } from "vitest";
import { createDispatcherLock, type DispatcherLock } from "./dispatcher-lock.ts";
import { createTestDatabase, type TestDatabase } from "./testing/index.ts";

let test: TestDatabase;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterAll(() => test.drop());

const lockOf = (name: string, hangsAfterMs = 60_000): DispatcherLock =>
  createDispatcherLock({
    databaseUrl: test.url,
    pool: "default",
    url: `http://${name}`,
    hangsAfterMs,
  });

it("one leads a pool, says where it is found, and when it is gone another one does", async () => {
  const [first, second] = [lockOf("first"), lockOf("second")];
  expect(await first.hold()).toBe(true);
  expect(await first.hold()).toBe(true);
  expect(await second.hold()).toBe(false);
  expect(await second.leaderUrl()).toBe("http://first");
  await first.release();
  expect(await second.hold()).toBe(true);
  expect(await first.hold()).toBe(false);
  expect(await first.leaderUrl()).toBe("http://second");
  await Promise.all([first.release(), second.release()]);
});

it("a leader that hangs is put down, and learns that it leads no longer", async () => {
  const [hangs, waits] = [lockOf("hangs"), lockOf("waits", 1_000)];
  expect(await hangs.hold()).toBe(true);
  expect(await waits.hold()).toBe(false);
  await test.database.pool.query("UPDATE dispatcher SET seen_at = now() - interval '2 seconds'");
  expect(await waits.hold()).toBe(false);
  await expect.poll(() => waits.hold()).toBe(true);
  expect(await hangs.hold().catch(() => false)).toBe(false);
  await Promise.all([hangs.release(), waits.release()]);
});

it("pools have leaders of their own", async () => {
  const own = lockOf("own");
  const other = createDispatcherLock({
    databaseUrl: test.url,
    pool: "other",
    url: "http://other",
    hangsAfterMs: 60_000,
  });
  expect(await own.hold()).toBe(true);
  expect(await other.hold()).toBe(true);
  await Promise.all([own.release(), other.release()]);
});
