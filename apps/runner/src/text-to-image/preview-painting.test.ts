import { describe, expect, it } from "vitest";
import type { Painting } from "./painting.ts";
import { previewPainting } from "./preview-painting.ts";

const painting: Painting = {
  start: { kind: "noise" },
  text: new Float32Array(),
  guidance: 3,
  adapters: [],
  known: null,
  velocity: null,
  times: [1, 0],
  latent: new Float32Array(16 * 16 * 16),
  stepsDone: 0,
};

describe("previews of a painting", () => {
  it("come after the first step, then as often as news goes out, and not of the last", async () => {
    let nowMs = 0;
    const drawn: number[] = [];
    const shown = await new Promise<string[]>((resolve) => {
      const urls: string[] = [];
      const show = (url: string) => void (urls.push(url) === 3 && resolve(urls));
      const preview = previewPainting(show, () => nowMs);
      for (let step = 1; step <= 8; step += 1) {
        if (preview(step, 8, painting)) drawn.push(step);
        nowMs += 90;
      }
    });
    expect(drawn).toEqual([1, 4, 7]);
    expect(shown.every((url) => url.startsWith("data:image/png;base64,"))).toBe(true);
  });
});
