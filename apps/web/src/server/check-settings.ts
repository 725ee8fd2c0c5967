import { readEnv } from "../env.ts";

/** Ends the process, with every problem in one line, when it could never answer: Next itself would answer 500 for ever. */
export function checkSettings(): void {
  try {
    readEnv();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
