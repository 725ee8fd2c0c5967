import { catalog, models } from "@heddle/catalog";
import { defaultLimits } from "@heddle/core";
import { houseUpscaler4x } from "@heddle/house-models";
import { afterAll, describe, expect, it } from "vitest";
import { createHouseUpscaler } from "../upscale/create-house-upscaler.ts";
import type { Pixel } from "./testing/draw-pixels.ts";
import { useOpBench } from "./testing/op-bench.ts";
import { createUpscaleOp } from "./upscale.ts";

const upscaler = createHouseUpscaler(2);
afterAll(() => upscaler.close());
const bench = useOpBench([createUpscaleOp(upscaler)]);
const scene = (x: number, y: number): Pixel => [
  Math.round(128 + 90 * Math.sin(x / 5)),
  Math.round(128 + 90 * Math.cos(y / 7)),
  (x - 20) ** 2 + (y - 15) ** 2 < 90 ? 220 : 60,
];

describe("upscale", () => {
  it("runs the weights that the catalog says, so that the cache key holds what was run", () => {
    const { id, sha256, sizeBytes } = { id: houseUpscaler4x.id, ...houseUpscaler4x.weights };
    expect(models.get("house-upscaler-4x")).toMatchObject({ id, sha256, sizeBytes });
    expect(catalog.get("upscale")?.work).toEqual({
      kind: "op",
      op: "upscale",
      model: { id, sha256, sizeBytes },
    });
  });

  it.each([2, 3, 4])(
    "makes each side %i times longer, and the picture stays what it was",
    async (factor) => {
      const image = await bench.draw(40, 30, scene);
      const made = await bench.run("upscale", { factor }, { image });
      expect(made.artifact).toMatchObject({ width: 40 * factor, height: 30 * factor });
      const back = await bench.decode(
        await bench.run("resize", { width: 40, height: 30, fit: "fill" }, { image: made }),
      );
      let sum = 0;
      for (let y = 2; y < 28; y += 1) {
        for (let x = 2; x < 38; x += 1) {
          const [r, g, b] = back.at(x, y);
          const [r0, g0, b0] = scene(x, y);
          sum += Math.abs(r - r0) + Math.abs(g - g0) + Math.abs(b - b0);
        }
      }
      expect(sum / (36 * 26 * 3)).toBeLessThan(4);
    },
  );

  it("keeps alpha", async () => {
    const image = await bench.draw(20, 20, (x) => [200, 100, 50, x < 10 ? 0 : 255]);
    const made = await bench.decode(await bench.run("upscale", {}, { image }));
    expect([made.channels, made.at(10, 40)[3], made.at(70, 40)[3]]).toEqual([4, 0, 255]);
  });

  it("makes the same bytes from the same picture", async () => {
    const image = await bench.draw(24, 24, scene);
    const first = await bench.run("upscale", { factor: 2 }, { image });
    expect(await bench.run("upscale", { factor: 2 }, { image })).toEqual(first);
  });

  it("says how long it loaded and how many tiles are done", async () => {
    await upscaler.close();
    const image = await bench.draw(400, 20, scene);
    let loadedMs = 0;
    const steps: (readonly [string, number, number])[] = [];
    await bench.run(
      "upscale",
      { factor: 2 },
      { image },
      {
        loaded: (ms) => {
          loadedMs += ms;
        },
        progress: (phase, done, total) => void steps.push([phase, done, total]),
      },
    );
    expect(loadedMs).toBeGreaterThan(1);
    expect(steps[0]).toEqual(["loading", 0, 0]);
    const [phase, done, total] = steps.at(-1) ?? [];
    expect([phase, done]).toEqual(["computing", total]);
    expect(total).toBeGreaterThan(1);
  });

  it("refuses what would not fit at four times the size, and a factor that it does not know", async () => {
    const image = await bench.draw(40, 30, scene);
    const limits = { ...defaultLimits, pixels: 40 * 30 * 16 - 1 };
    await expect(bench.run("upscale", { factor: 2 }, { image }, { limits })).rejects.toMatchObject({
      code: "image_too_large",
      portId: "image",
      message: expect.stringContaining("Put a Resize before it."),
    });
    await expect(bench.run("upscale", { factor: 5 }, { image })).rejects.toMatchObject({
      portId: "factor",
    });
    const cut = await bench.file((await bench.bytesOf(image)).subarray(0, 60));
    await expect(bench.run("upscale", {}, { image: cut })).rejects.toMatchObject({
      code: "image_unreadable",
      portId: "image",
    });
  });

  it("stops between tiles when it is aborted", async () => {
    const abort = new AbortController();
    const image = await bench.draw(800, 20, scene);
    const running = bench.run(
      "upscale",
      {},
      { image },
      {
        signal: abort.signal,
        progress: (phase) => {
          if (phase === "computing") abort.abort();
        },
      },
    );
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
  });

  it("does not run other weights than those that were asked for", async () => {
    const image = await bench.draw(8, 8, scene);
    const model = { id: "house-upscaler-4x", sha256: "0".repeat(64), sizeBytes: 1 };
    await expect(bench.run("upscale", {}, { image }, { model })).rejects.toThrow(
      /this runner has the weights/,
    );
  });
});
