import { spawn } from "node:child_process";
import { Fatal } from "../fatal.ts";
import { lastWord } from "./last-word.ts";

interface MigrateRequest {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** Brings the database's schema up to date, in a process of the orchestrator. @throws Fatal with its last word. */
export async function migrate({ args, env, cwd, signal }: MigrateRequest): Promise<void> {
  const child = spawn(process.execPath, [...args, "migrate"], {
    cwd,
    env: { ...env },
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
    signal,
    killSignal: "SIGTERM",
  });
  let output = "";
  const keep = (chunk: string) => (output = (output + chunk).slice(-8_000));
  child.stdout.setEncoding("utf8").on("data", keep);
  child.stderr.setEncoding("utf8").on("data", keep);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (status !== 0)
    throw new Fatal(`the database could not be brought up to date: ${lastWord(output)}`);
}
