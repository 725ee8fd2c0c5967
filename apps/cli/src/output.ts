import { HeddleError } from "@heddle/client";
import { describeFailure } from "./connect.ts";

/** One object as the whole of stdout. */
export function printJson(value: unknown): void {
  console.log(JSON.stringify(value, null, 2));
}

/** The lines of an error on stderr, the first with the name of the program; the exit status becomes 1. */
export function printFailure(lines: readonly string[]): void {
  const [first = "failed", ...rest] = lines;
  console.error(`heddle: ${first}`);
  for (const line of rest) console.error(`        ${line}`);
  process.exitCode = 1;
}

/** Runs what talks to a server; a refusal becomes lines, anything else goes on as a bug. */
export async function withServer(server: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    printFailure(describeFailure(error, server));
  }
}
