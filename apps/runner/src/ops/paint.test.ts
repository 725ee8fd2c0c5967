import { catalog, models } from "@heddle/catalog";
import { defaultLimits } from "@heddle/core";
import { houseTextToImage, textToImageWeights } from "@heddle/house-models";
import { afterAll, describe, expect, it } from "vitest";
import { keepAdapters } from "../lora/keep-adapters.ts";
import { createHousePainter } from "../text-to-image/create-house-painter.ts";
import { readReferenceFile, reference } from "../text-to-image/testing/reference.ts";
import { createWeights } from "../weights/create-weights.ts";
import { createImageToImageOp } from "./image-to-image.ts";
import { createInpaintOp } from "./inpaint.ts";
import { useOpBench, type DecodedPicture } from "./testing/op-bench.ts";
import { createTextToImageOp } from "./text-to-image.ts";

const painter = createHousePainter(1);
const adapters = keepAdapters(createWeights());
afterAll(() => painter.close());
const bench = useOpBench([
  createTextToImageOp(painter, adapters),
  createImageToImageOp(painter, adapters),
  createInpaintOp(painter, adapters),
]);
const quick = { prompt: "a red boat at sea at dusk", steps: 4 };
const names = ["text-to-image", "image-to-image", "inpaint"];

function difference(
  { width, height, at }: DecodedPicture,
  other: DecodedPicture,
  counts: (x: number, y: number) => boolean = () => true,
): number {
  let most = 0;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!counts(x, y)) continue;
      const [r, g, b] = at(x, y);
      const [r0, g0, b0] = other.at(x, y);
      most = Math.max(most, Math.abs(r - r0), Math.abs(g - g0), Math.abs(b - b0));
    }
  }
  return most;
}

describe.each(names)("%s", (name) => {
  it("runs the weights that the catalog says, so that the cache key holds what was run", () => {
    const model = { id: houseTextToImage.id, ...textToImageWeights(houseTextToImage) };
    expect(models.get(houseTextToImage.id)).toMatchObject(model);
    expect(catalog.get(name)?.work).toEqual({ kind: "op", op: name, model });
  });

  it("offers what the weights were made for", () => {
    const field = (id: string) => catalog.get(name)?.fields.find((found) => found.name === id);
    const { steps, guidance } = houseTextToImage.sampler;
    expect(field("steps")).toMatchObject(steps);
    expect(field("guidance")).toMatchObject(guidance);
  });

  it.each([
    ["prompt", "", "Prompt must say in English words what to paint."],
    ["prompt", " \n…", "Prompt must say in English words what to paint."],
    ["prompt", "火山", "Prompt must say in English words what to paint."],
    ["prompt", "word ".repeat(10_000), "Prompt must have at most 2000 characters."],
    ["steps", 0, "Steps must be at least 4."],
    ["steps", 1e6, "Steps must be at most 30."],
    ["steps", 12.5, "Steps must be a whole number."],
    ["steps", "many", "Steps must be a number."],
    ["guidance", Number.NaN, "Guidance must be a number."],
    ["guidance", Number.POSITIVE_INFINITY, "Guidance must be a number."],
    ["guidance", "strong", "Guidance must be a number."],
    ["guidance", null, "Guidance must be a number."],
    ["seed", -1, "Seed must be at least 0."],
    ["seed", 1.5, "Seed must be a whole number."],
  ])("refuses %s %j in words", async (portId, value, message) => {
    const image = await bench.draw(8, 8, () => [1, 2, 3]);
    await expect(
      bench.run(name, { [portId]: value }, { image, mask: image }),
    ).rejects.toMatchObject({ code: "input_invalid", portId, message });
  });

  it("does not run other weights than those that were asked for", async () => {
    const image = await bench.draw(8, 8, () => [1, 2, 3]);
    const model = { id: houseTextToImage.id, sha256: "0".repeat(64), sizeBytes: 1 };
    await expect(bench.run(name, quick, { image, mask: image }, { model })).rejects.toThrow(
      /this runner has the weights/,
    );
  });
});

describe("text-to-image", () => {
  it("paints what the reference paints", async () => {
    const [known] = reference.cases;
    const { prompt = "", seed = 0, steps = 0, guidance = 0, name = "" } = known ?? {};
    const made = await bench.run("text-to-image", { prompt, seed, steps, guidance }, {});
    expect(made.artifact).toMatchObject({ width: 128, height: 128, contentType: "image/png" });
    const expected = await bench.file(readReferenceFile(name));
    expect(difference(await bench.decode(made), await bench.decode(expected))).toBeLessThan(3);
  });

  it("gives the same file for the same seed, and does not read beyond the words that count", async () => {
    const first = await bench.run("text-to-image", quick, {});
    expect(await bench.run("text-to-image", quick, {})).toEqual(first);
    const long = `${"a red boat ".repeat(20)}`;
    const made = await bench.run("text-to-image", { ...quick, prompt: `${long} at sea` }, {});
    expect(made).toEqual(await bench.run("text-to-image", { ...quick, prompt: long }, {}));
  });

  it("paints what it can of words that it does not know, in any script, and names no prompt as unknown", async () => {
    const known = await bench.run("text-to-image", { ...quick, prompt: "a boat" }, {});
    const mixed = await bench.run(
      "text-to-image",
      { ...quick, prompt: "a 火山 boat 🚤 лодка" },
      {},
    );
    expect(mixed).toEqual(known);
    const unknown = await bench.run("text-to-image", { ...quick, prompt: "zxqv wug 7" }, {});
    expect(unknown.artifact).toMatchObject({ width: 128, height: 128 });
  });

  it("refuses a prompt from a wire that is empty or much too long, naming the port", async () => {
    for (const text of ["", "word ".repeat(10_000)]) {
      const run = bench.run("text-to-image", quick, { prompt: { media: "text", text } });
      await expect(run).rejects.toMatchObject({ code: "input_invalid", portId: "prompt" });
    }
  });

  it("takes a prompt from a wire", async () => {
    const prompt = { media: "text", text: quick.prompt } as const;
    const made = await bench.run("text-to-image", { steps: 4 }, { prompt });
    expect(made).toEqual(await bench.run("text-to-image", quick, {}));
  });

  it("says how long it loaded and which step of how many is done", async () => {
    await painter.close();
    let loadedMs = 0;
    const steps: string[] = [];
    await bench.run(
      "text-to-image",
      quick,
      {},
      {
        loaded: (ms) => {
          loadedMs += ms;
        },
        progress: (phase, done, total) => void steps.push(`${phase} ${done}/${total}`),
      },
    );
    expect(loadedMs).toBeGreaterThan(1);
    expect(steps).toEqual(["loading 0/0", ...[1, 2, 3, 4].map((step) => `computing ${step}/4`)]);
  });

  it("stops within one step when it is aborted", async () => {
    const abort = new AbortController();
    let last = 0;
    const running = bench.run(
      "text-to-image",
      { ...quick, steps: 30 },
      {},
      {
        signal: abort.signal,
        progress: (_phase, done) => {
          last = done;
          if (done === 2) abort.abort();
        },
      },
    );
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    expect(last).toBe(2);
  });
});

describe("image-to-image", () => {
  it("takes the middle square of any size, transparency as white, and gives 128 × 128", async () => {
    const image = await bench.draw(40, 10, (x) => [200, 30, 30, x < 20 ? 255 : 0]);
    const made = await bench.run("image-to-image", { ...quick, strength: 0 }, { image });
    const picture = await bench.decode(made);
    expect([picture.width, picture.height]).toEqual([128, 128]);
    expect(picture.at(110, 64)[1]).toBeGreaterThan(225);
    expect(picture.at(20, 64)[1]).toBeLessThan(120);
  });

  it("paints anew what it was given, the more the stronger", async () => {
    const image = await bench.file(readReferenceFile("windmill"));
    const before = await bench.decode(image);
    const make = async (strength: number) =>
      bench.decode(await bench.run("image-to-image", { ...quick, strength }, { image }));
    expect(difference(await make(100), before)).toBeGreaterThan(difference(await make(0), before));
  });

  it("names the port of a picture that cannot be read or is too large", async () => {
    const image = await bench.file(Buffer.from("not a picture"));
    await expect(bench.run("image-to-image", quick, { image })).rejects.toMatchObject({
      code: "image_unreadable",
      portId: "image",
    });
    const large = await bench.draw(8, 8, () => [1, 2, 3]);
    const limits = { ...defaultLimits, pixels: 63 };
    await expect(
      bench.run("image-to-image", quick, { image: large }, { limits }),
    ).rejects.toMatchObject({ code: "image_too_large", portId: "image" });
  });
});

describe("inpaint", () => {
  it("leaves what is black in the mask as it is, and paints what is white", async () => {
    const image = await bench.file(readReferenceFile("boat"));
    const mask = await bench.draw(64, 64, (x) => (x < 32 ? [255, 255, 255] : [0, 0, 0]));
    const made = await bench.decode(await bench.run("inpaint", quick, { image, mask }));
    const before = await bench.decode(image);
    expect(difference(made, before, (x) => x >= 70)).toBe(0);
    expect(difference(made, before, (x) => x < 60)).toBeGreaterThan(20);
  });

  it("changes nothing under a black mask, whatever its size, and takes one of one pixel", async () => {
    const image = await bench.file(readReferenceFile("boat"));
    const before = await bench.decode(image);
    for (const [width, height] of [
      [1, 1],
      [300, 20],
    ] as const) {
      const mask = await bench.draw(width, height, () => [0, 0, 0]);
      const made = await bench.decode(await bench.run("inpaint", quick, { image, mask }));
      expect(difference(made, before)).toBe(0);
    }
  });

  it("names the mask when that is what cannot be read", async () => {
    const image = await bench.draw(8, 8, () => [1, 2, 3]);
    const mask = await bench.file(Buffer.from("not a picture"));
    await expect(bench.run("inpaint", quick, { image, mask })).rejects.toMatchObject({
      code: "image_unreadable",
      portId: "mask",
    });
  });
});
