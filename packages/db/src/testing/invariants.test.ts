import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import {
  createTestDatabase,
  findDamagedArtifacts,
  findViolations,
  testDocument,
  type TestDatabase,
} from "./index.ts";
import { drain, emptyDatabase, start } from "./test-engine.ts";

let test: TestDatabase;
const database = () => test.database;
beforeAll(async () => {
  test = await createTestDatabase();
});
afterEach(() => emptyDatabase(database()));
afterAll(() => test.drop());

const file = `{"out": {"media": "image", "artifact": {"sha256": "${"a".repeat(64)}"}}}`;

/** What a fault would leave behind, and the invariant that tells. */
const faults: readonly (readonly [invariant: string, sql: string])[] = [
  ["I1 every", "UPDATE run SET status = 'RUNNING'"],
  ["I1 a terminal run", "UPDATE step SET status = 'READY' WHERE op IS NOT NULL"],
  ["I1 remaining", "UPDATE run SET remaining = 1"],
  ["I1 the time", "UPDATE run SET held_at = now()"],
  ["I1 the time", "UPDATE run SET waiting = 1, held_at = now()"],
  ["I1 no step", "UPDATE run SET status = 'PAUSED'; UPDATE step SET status = 'READY'"],
  ["I2 every", "DELETE FROM usage_event"],
  ["I2 a run costs", "UPDATE run SET cost_usd = cost_usd + 1"],
  ["I3 a step", "UPDATE step SET epoch = epoch + 1 WHERE op IS NOT NULL"],
  ["I3 nothing is paid", "UPDATE step_attempt SET outcome = 'LOST'"],
  ["I4 event numbers", "DELETE FROM run_event WHERE seq = 2"],
  ["I4 a terminal run", 'UPDATE run_event SET body = \'{"type": "run.failed"}\' WHERE seq = 2'],
  ["I5 every file", `UPDATE step SET outputs = '${file}' WHERE op IS NOT NULL`],
];

describe("the invariants in SQL", () => {
  const document = testDocument({ only: ["work"], result: ["output"] }, ["only > result.value"]);

  it("hold after a run", async () => {
    await start(database(), document);
    await drain(database());
    expect(await findViolations(database())).toEqual([]);
  });

  it.each(faults)("%s: is told when it is broken by %s", async (invariant, sql) => {
    await start(database(), document);
    await drain(database());
    await database().pool.query("DELETE FROM cache_entry");
    for (const statement of sql.split("; ")) await database().pool.query(statement);
    const violations = await findViolations(database());
    expect(violations.filter((violation) => violation.startsWith(invariant))).toHaveLength(1);
  });

  it("I5: names the artifacts that the store cannot give as they were written", async () => {
    await database().pool.query(
      "INSERT INTO artifact (workspace_id, sha256, content_type, size_bytes) VALUES ('ws_local', 'whole', '', 1), ('ws_local', 'damaged', '', 1)",
    );
    const read = async (sha256: string) => {
      if (sha256 === "damaged") throw new Error("This is damaged");
    };
    expect(await findDamagedArtifacts(database(), read)).toEqual(["damaged"]);
  });
});
