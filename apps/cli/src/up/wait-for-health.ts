import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";

const everyMs = 100;
/** A start that takes longer than this says what it waits for, again and again. */
const sayEveryMs = 15_000;

const healthSchema = z.object({ status: z.string() }).catchall(z.unknown());

/** Resolves when the server could serve a run; says from time to time what is missing. */
export async function waitForHealth(
  url: string,
  { say, signal }: { say: (line: string) => void; signal: AbortSignal },
): Promise<void> {
  let nextSayAt = performance.now() + sayEveryMs;
  for (;;) {
    const missing = await missingFrom(url, signal);
    signal.throwIfAborted();
    if (missing === null) return;
    if (performance.now() > nextSayAt) {
      say(`still waiting: ${missing}`);
      nextSayAt += sayEveryMs;
    }
    await delay(everyMs, undefined, { signal });
  }
}

/** What keeps `/api/health` from 200, in words; null when nothing does. */
async function missingFrom(url: string, signal: AbortSignal): Promise<string | null> {
  try {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(5_000)]);
    const response = await fetch(`${url}/api/health`, { signal: limit });
    if (response.status === 200) return null;
    const body = healthSchema.safeParse(await response.json().catch(() => null));
    return body.success ? describe(body.data) : `the server answers ${response.status}`;
  } catch {
    return "the server does not answer yet";
  }
}

function describe(health: z.infer<typeof healthSchema>): string {
  const { status: _status, version: _version, ...parts } = health;
  return Object.entries(parts)
    .map(([name, state]) => `${name} ${typeof state === "string" ? state : JSON.stringify(state)}`)
    .join(", ");
}
