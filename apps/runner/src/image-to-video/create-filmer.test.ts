import { houseImageToVideo } from "@heddle/house-models";
import { afterAll, describe, expect, it } from "vitest";
import { readReferencePixels } from "../text-to-image/testing/reference.ts";
import { createHouseFilmer } from "./create-house-filmer.ts";
import type { Film, FilmRequest } from "./film.ts";

const filmer = createHouseFilmer(1);
afterAll(() => filmer.close());

const side = houseImageToVideo.config.image;
const pan = houseImageToVideo.motions.indexOf("pan-right");

async function requestOf(motion: number): Promise<FilmRequest> {
  return { pixels: await readReferencePixels("boat"), motion, seed: 3, steps: 3 };
}

/** Mean difference of two frames, the second moved so many pixels to the left. */
function differenceAt(first: Uint8Array, second: Uint8Array, shift: number): number {
  let [sum, count] = [0, 0];
  for (let y = 8; y < side - 8; y += 1) {
    for (let x = 40; x < side - 40; x += 1, count += 1) {
      const [from, to] = [(y * side + x + shift) * 3, (y * side + x) * 3];
      sum += Math.abs((first[from] ?? 0) - (second[to] ?? 0));
    }
  }
  return sum / count;
}

describe("a film", () => {
  it("begins with the picture itself and goes where the motion says", async () => {
    const request = await requestOf(pan);
    const frames = await filmer.batcher.run(request);
    expect(frames).toHaveLength(houseImageToVideo.config.frames);
    expect(frames[0]).toEqual(request.pixels);
    const last = frames.at(-1) ?? new Uint8Array();
    const byShift = Array.from({ length: 41 }, (_, at) => at - 0).map((shift) => ({
      shift,
      difference: differenceAt(request.pixels, last, shift),
    }));
    const best = byShift.toSorted((a, b) => a.difference - b.difference)[0];
    // The camera moves 0.26 of the picture to the right: 33 pixels.
    expect(Math.abs((best?.shift ?? 0) - 33)).toBeLessThanOrEqual(3);
  });

  it("is the same from the same request, and goes on from its state bit for bit", async () => {
    const request = await requestOf(0);
    const whole = await filmer.batcher.run(request);
    const abort = new AbortController();
    const states: Uint8Array[] = [];
    const aborted = filmer.batcher.run(request, {
      signal: abort.signal,
      onStep: ({ stepsDone }: Film) => void (stepsDone === 2 && abort.abort()),
      onAbort: async (state) => void states.push(state),
    });
    await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    expect(await filmer.batcher.run(request, { resume: states[0] })).toEqual(whole);
  });
});
