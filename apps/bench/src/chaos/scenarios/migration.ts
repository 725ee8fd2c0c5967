import { createHash } from "node:crypto";
import { migrate, migrations } from "@heddle/db";
import { setTimeout } from "node:timers/promises";
import { underLoad, type Injected, type Scenario, type ScenarioContext } from "../scenario.ts";

/** What a later version may add without asking: columns with a default, an index, a table. */
const sql = `
  ALTER TABLE run ADD COLUMN chaos_note TEXT NOT NULL DEFAULT '';
  ALTER TABLE step ADD COLUMN chaos_note TEXT;
  ALTER TABLE step_attempt ADD COLUMN chaos_note TEXT;
  ALTER TABLE idempotency_key ADD COLUMN chaos_note TEXT;
  ALTER TABLE usage_event ADD COLUMN chaos_note TEXT;
  ALTER TABLE run_event ADD COLUMN chaos_note TEXT;
  ALTER TABLE artifact ADD COLUMN chaos_note TEXT;
  ALTER TABLE runner ADD COLUMN chaos_note TEXT;
  CREATE INDEX chaos_run_note ON run (chaos_note);
  CREATE TABLE chaos (id TEXT PRIMARY KEY, run_id TEXT REFERENCES run (id) ON DELETE CASCADE);`;

export const migration: Scenario = {
  name: "migration",
  title: "an additive migration of every table of the engine",
  run: (context) => underLoad(context, "migration", () => apply(context)),
};

async function apply({ cluster }: ScenarioContext): Promise<Injected> {
  // In the middle of the load, with every statement prepared.
  await setTimeout(1_000);
  const checksum = createHash("sha256").update(sql).digest("hex");
  const later = { name: "99991231000000_chaos", checksum, sql };
  const before = performance.now();
  const applied = await migrate(cluster.databaseUrl, [...migrations, later]);
  const ms = Math.round(performance.now() - before);
  return {
    faults: applied.length,
    note: `applied in ${ms} ms`,
    failures: applied.includes(later.name) ? [] : ["migration: it was not applied"],
  };
}
