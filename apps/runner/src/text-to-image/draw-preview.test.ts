import { houseTextToImage } from "@heddle/house-models";
import sharp from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { createHousePainter } from "./create-house-painter.ts";
import { drawPreview } from "./draw-preview.ts";
import { paint } from "./paint.ts";

const painter = createHousePainter(1);
afterAll(() => painter.close());

async function pixelsOf(url: string): Promise<Uint8Array> {
  const png = Buffer.from(url.replace("data:image/png;base64,", ""), "base64");
  return sharp(png).removeAlpha().raw().toBuffer();
}

function difference(first: Uint8Array, second: Uint8Array): number {
  const sum = first.reduce((total, value, at) => total + Math.abs(value - (second[at] ?? 0)), 0);
  return sum / first.length;
}

describe("a preview", () => {
  it("is small, looks like what comes out from the first step on, and more so later", async () => {
    const previews: Promise<string>[] = [];
    const made = await paint(
      painter,
      {
        prompt: "a white lighthouse on the right by the ocean at night, flat illustration",
        seed: 4,
        steps: 8,
        guidance: 3,
        start: { kind: "noise" },
        adapters: [],
      },
      {
        onProgress: (_done, _total, painting) =>
          void previews.push(drawPreview(painting, houseTextToImage)),
      },
    );
    const raw = { width: 128, height: 128, channels: 3 } as const;
    const small = await sharp(made, { raw }).resize(16, 16, { kernel: "linear" }).raw().toBuffer();
    const urls = await Promise.all(previews);
    expect(Math.max(...urls.map((url) => url.length))).toBeLessThan(2_000);
    const pixels = await Promise.all(urls.map(pixelsOf));
    const differences = pixels.map((each) => difference(each, small));
    const grey = difference(new Uint8Array(16 * 16 * 3).fill(128), small);
    expect(differences[0]).toBeLessThan(0.8 * grey);
    expect(differences.at(-1)).toBeLessThan(0.5 * grey);
  });
});
