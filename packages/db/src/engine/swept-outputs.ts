import type { StepError, TaskResult } from "@heddle/core";
import type { Statement, Transaction } from "../transaction.ts";
import { artifactsOf } from "./measure-outputs.ts";
import type { WorkStep } from "./work-step.ts";

/** When blobs were swept, by SHA-256: milliseconds of the database's clock; infinite while one is being swept. */
export type SweptBlobs = ReadonlyMap<string, number>;

/** Of the files in these results those that were swept lately. The transaction holds `keepFiles`. */
export async function readSwept(
  tx: Transaction,
  results: readonly TaskResult[],
): Promise<SweptBlobs> {
  const sha256s = results.flatMap((result) =>
    result.status === "succeeded" ? artifactsOf(result.outputs).map(({ sha256 }) => sha256) : [],
  );
  if (sha256s.length === 0) return new Map();
  const { rows } = await tx.query<{ sha256: string; swept_at: number | null }>(sweptSql, [sha256s]);
  return new Map(rows.map((row) => [row.sha256, row.swept_at ?? Number.POSITIVE_INFINITY]));
}

/**
 * A runner stores a file and hands in its name later. When the same bytes were swept in between, the name leads nowhere:
 * the step is done again. One that began after the sweep has stored its files after it.
 */
export function sweptError(
  step: WorkStep,
  result: Extract<TaskResult, { status: "succeeded" }>,
  swept: SweptBlobs,
): StepError | null {
  const startedAt = step.startedAt ?? 0;
  const lost = artifactsOf(result.outputs).find(
    ({ sha256 }) => (swept.get(sha256) ?? Number.NEGATIVE_INFINITY) >= startedAt,
  );
  if (lost === undefined) return null;
  return {
    class: "INFRA",
    code: "blob_swept",
    message: `The stored file ${lost.sha256} was swept while this step made it anew`,
  };
}

const sweptSql: Statement = {
  name: "complete_swept",
  text: `
    SELECT sha256, (extract(epoch FROM swept_at) * 1000)::float8 AS swept_at
    FROM swept_blob WHERE sha256 = ANY ($1)`,
};
