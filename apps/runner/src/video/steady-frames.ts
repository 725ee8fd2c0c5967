import type { DecodedFrame } from "@heddle/film-decoder";

export interface SteadyOptions {
  readonly framesPerSecond: number;
  /** What is shown is cut out of the film. Milliseconds from its first frame; `toMs` may be Infinity. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** A film need not say when its frames are to be seen: then they come at the rate itself. */
const tolerance = 0.25;

/**
 * The pixels of a film at a steady rate: at every moment what is to be seen then, the frame that has begun last. The last
 * frame is to be seen for as long as one of the rate.
 */
export async function* steadyFrames(
  frames: AsyncIterable<DecodedFrame>,
  { framesPerSecond, fromMs, toMs }: SteadyOptions,
): AsyncGenerator<Uint8Array> {
  const stepMs = 1000 / framesPerSecond;
  let shown: DecodedFrame | undefined;
  let [number, made] = [0, 0];
  const dueMs = () => fromMs + made * stepMs;
  function* showUntil(endMs: number) {
    // A little early is in time.
    while (shown !== undefined && dueMs() < Math.min(toMs, endMs) - tolerance * stepMs) {
      made += 1;
      yield shown.pixels;
    }
  }
  for await (const { pixels, timeMs } of frames) {
    const beginsMs = timeMs < 0 ? number * stepMs : timeMs;
    yield* showUntil(beginsMs);
    if (beginsMs >= toMs) return;
    shown = { pixels, timeMs: beginsMs };
    number += 1;
  }
  yield* showUntil((shown?.timeMs ?? 0) + stepMs);
}
