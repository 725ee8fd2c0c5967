import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

interface Report {
  readonly figures: readonly {
    readonly name: string;
    readonly value: number;
    readonly goal?: number;
  }[];
  readonly broken: readonly string[];
}

/** `npm run chaos` in its short form: every scenario once, with few runs, a short lease and a fixed seed. */
async function runChaos(): Promise<Report> {
  const bench = path.resolve(import.meta.dirname, "../../apps/bench/bench.mjs");
  const short = ["--runs", "12", "--per-second", "6", "--lease", "3", "--seed", "1"];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [bench, "--chaos", ...short, "--json"],
    // What broke is in its output, with exit status 1.
  ).catch((error: { readonly stdout: string; readonly stderr: string }) => {
    if (!error.stdout.startsWith("{")) throw error;
    return error;
  });
  return JSON.parse(stdout) as Report;
}

it("loses no run, pays none twice and takes no stale result, whatever dies, stops, restarts or is cut off", async () => {
  const { figures, broken } = await runChaos();
  const valueOf = (name: string) => figures.find((figure) => figure.name === name)?.value;
  expect(broken).toEqual([]);
  expect(valueOf("chaos.faults")).toBeGreaterThan(30);
  expect(valueOf("chaos.lost_runs")).toBe(0);
  expect(valueOf("chaos.double_billed")).toBe(0);
  expect(valueOf("chaos.stale_commits")).toBe(0);
}, 300_000);
