import { setTimeout } from "node:timers/promises";

/** Milliseconds from the arrival of each request to its end; who arrives does not wait for who came before. */
export async function openLoop<Request>(
  serve: (request: Request) => Promise<unknown>,
  requests: readonly Request[],
  gaps: readonly number[],
): Promise<number[]> {
  const begun = performance.now();
  let dueMs = 0;
  const running: Promise<number>[] = [];
  for (const [at, request] of requests.entries()) {
    dueMs += gaps[at] ?? 0;
    await setTimeout(Math.max(0, begun + dueMs - performance.now()));
    // A run holds the event loop, so a request may be heard late; it has waited since it was due.
    const since = begun + dueMs;
    running.push(serve(request).then(() => performance.now() - since));
  }
  return Promise.all(running);
}
