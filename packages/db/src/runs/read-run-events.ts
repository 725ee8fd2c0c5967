import type { RunEvent, RunEventBody } from "@heddle/core";
import type { Database } from "../database.ts";

export interface ReadRunEventsOptions {
  readonly runId: string;
  /** Events up to this one were seen already; 0: none. */
  readonly afterSeq: number;
  readonly limit: number;
}

interface EventRow {
  readonly seq: number;
  readonly at: Date;
  readonly body: RunEventBody;
}

/** What happened since, in order, without gaps. */
export async function readRunEvents(
  database: Database,
  options: ReadRunEventsOptions,
): Promise<RunEvent[]> {
  const { rows } = await database.pool.query<EventRow>({
    name: "read_run_events",
    text: `SELECT seq, at, body FROM run_event WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    values: [options.runId, options.afterSeq, options.limit],
  });
  return rows.map(({ seq, at, body }) => ({
    runId: options.runId,
    seq,
    at: at.toISOString(),
    body,
  }));
}
