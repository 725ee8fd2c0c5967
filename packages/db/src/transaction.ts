import type { PoolClient, QueryResult, QueryResultRow } from "pg";
import type { Database } from "./database.ts";

/** A prepared statement: parsed once per connection, then only bound and run. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** One open transaction. Statements sent without awaiting the one before share a round trip, in order. */
export interface Transaction {
  query<Row extends QueryResultRow>(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<QueryResult<Row>>;
}

const attempts = 5;
/** serialization_failure, deadlock_detected: the whole transaction may simply be tried again. */
const retryable = new Set(["40001", "40P01"]);

/**
 * Runs `work` in one READ COMMITTED transaction: every statement sees what was committed before it started, so what
 * follows a row lock reads the state that the lock waited for. Any error rolls back; deadlocks are tried again.
 */
export async function transaction<Result>(
  database: Database,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(database, work);
    } catch (error) {
      if (attempt === attempts || !isRetryable(error)) throw error;
    }
  }
}

async function once<Result>(
  database: Database,
  work: (tx: Transaction) => Promise<Result>,
): Promise<Result> {
  const client = await database.pool.connect();
  const pending: Promise<unknown>[] = [];
  const holdBack = createHoldBack(client);
  const send = <Row extends QueryResultRow>(statement: Statement, values: readonly unknown[]) => {
    holdBack();
    const result = client.query<Row>({ ...statement, values: [...values] });
    // Awaited later, or never when an earlier one fails: must not count as unhandled.
    result.catch(() => {});
    pending.push(result);
    return result;
  };
  try {
    void send(begin, []);
    const result = await work({ query: send });
    const commit = send(commitStatement, []);
    await Promise.all(pending);
    // A failed statement turns COMMIT into ROLLBACK without an error; `pending` above has thrown it by then.
    await commit;
    client.release();
    return result;
  } catch (error) {
    await rollBack(client);
    throw error;
  }
}

/** Statements that are sent before anything is waited for leave in one write: a system call and a wake-up instead of ten. */
function createHoldBack(client: PoolClient): () => void {
  let held = false;
  return () => {
    if (held) return;
    held = true;
    const { stream } = client.connection;
    stream.cork();
    // Runs once the promises that are settled by now have gone on, and have sent what they had to.
    process.nextTick(() => {
      held = false;
      stream.uncork();
    });
  };
}

const begin: Statement = { name: "begin", text: "BEGIN" };
const commitStatement: Statement = { name: "commit", text: "COMMIT" };

async function rollBack(client: PoolClient): Promise<void> {
  try {
    await client.query("ROLLBACK");
    client.release();
  } catch {
    // The connection is gone, and the transaction with it.
    client.release(true);
  }
}

function isRetryable(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    retryable.has(error.code)
  );
}
