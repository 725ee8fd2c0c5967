import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { chooseCap, type StepTime } from "./choose-cap.ts";

const profilesSchema = z.record(
  z.string(),
  z.array(z.object({ rows: z.int().positive(), ms: z.number().positive() })).min(1),
);

/**
 * How long steps of batches take on this device, by what they are steps of; kept in a file, so that it is measured once.
 * A file that cannot be read counts as empty, and one that cannot be written is done without.
 */
export class BatchProfile {
  readonly #file: string | undefined;
  #times: Record<string, readonly StepTime[]> = {};

  constructor(file?: string) {
    this.#file = file;
  }

  async load(): Promise<void> {
    if (this.#file === undefined) return;
    const text = await readFile(this.#file, "utf8").catch(() => "{}");
    this.#times = { ...profilesSchema.safeParse(readJson(text)).data };
  }

  has(key: string): boolean {
    return this.#times[key] !== undefined;
  }

  /** How many rows a step should take while so many wait; one while nothing is known. */
  capOf(key: string, waiting: number): number {
    return chooseCap(this.#times[key] ?? [], waiting);
  }

  async keep(key: string, times: readonly StepTime[]): Promise<void> {
    this.#times = { ...this.#times, [key]: times };
    if (this.#file === undefined) return;
    await mkdir(dirname(this.#file), { recursive: true }).catch(() => {});
    const partial = `${this.#file}.${process.pid}`;
    await writeFile(partial, JSON.stringify(this.#times))
      .then(() => rename(partial, this.#file ?? partial))
      .catch(() => {});
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
