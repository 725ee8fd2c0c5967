import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { assert, type Value } from "@heddle/core";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { createOps } from "../create-ops.ts";
import { createWeights } from "../weights/create-weights.ts";
import { brightness, type Part } from "./testing/brightness.ts";
import { useOpBench, type DecodedPicture } from "./testing/op-bench.ts";
import { readPictureFile } from "./testing/run-example.ts";

// Those with LoRAs are in examples-lora.test.ts.
const folder = new URL("../../../../examples/", import.meta.url);
const slugs = readdirSync(folder).flatMap((name) => name.match(/^(.+)\.heddle\.json$/)?.[1] ?? []);
const readExample = (slug: string) => readFileSync(new URL(`${slug}.heddle.json`, folder), "utf8");
const bench = useOpBench(createOps({ threads: 2, weights: createWeights() }));
const images = new Map<string, Value & { media: "image" }>();
beforeAll(async () => {
  for (const name of readdirSync(new URL("pictures/", folder))) {
    images.set(name, await bench.file(readPictureFile(name)));
  }
});

function picture(name: string): Value & { media: "image" } {
  const found = images.get(name);
  assert(found !== undefined, `there is a picture ${name}`);
  return found;
}

async function decode(value: Value | undefined): Promise<DecodedPicture> {
  assert(value?.media === "image", "one picture");
  return bench.decode(value);
}

function decodeAll(value: Value | undefined): Promise<DecodedPicture[]> {
  assert(value?.media === "list" && value.of === "image", "a list of pictures");
  return Promise.all(value.items.map(decode));
}

type Outputs = Promise<Record<string, Value>>;
const runs = new Map<string, Outputs>();

/** Outputs of an example as it is; run once. */
function outputsOf(slug: string): Outputs {
  const run = runs.get(slug) ?? bench.example(slug);
  runs.set(slug, run);
  return run;
}

/** How much neighbouring pixels differ: a measure of detail. */
function detail({ width, height, at }: DecodedPicture): number {
  let sum = 0;
  let count = 0;
  for (let y = 2; y < height - 2; y += 2) {
    for (let x = 2; x < width - 2; x += 2) {
      sum += Math.abs(
        at(x, y)[1] * 4 - at(x - 1, y)[1] - at(x + 1, y)[1] - at(x, y - 1)[1] - at(x, y + 1)[1],
      );
      count += 1;
    }
  }
  return sum / count;
}

describe("every example", () => {
  it.each(slugs.filter((slug) => !slug.endsWith("-lora")))(
    "%s runs as it is, and gives something for each of its outputs",
    async (slug) => {
      const outputs = await outputsOf(slug);
      expect(Object.keys(outputs).length).toBeGreaterThan(0);
      for (const value of Object.values(outputs)) {
        if (value.media === "list") expect(value.items.length).toBeGreaterThan(1);
        else if (value.media === "text") expect(value.text).not.toBe("");
        else if (value.media === "video") expect(value.artifact.durationMs).toBeGreaterThan(1_000);
        else expect((await decode(value)).width).toBeGreaterThan(100);
      }
    },
  );
});

describe("the pictures", () => {
  it.each(readdirSync(new URL("pictures/", folder)))(
    "%s has the size that examples name",
    async (name) => {
      const { width, height } = await decode(picture(name));
      const { sha256 } = picture(name).artifact;
      const named = slugs.flatMap(
        (slug) => readExample(slug).match(new RegExp(`${sha256}[^}]*`, "g")) ?? [],
      );
      expect(named.length).toBeGreaterThan(0);
      for (const words of named) {
        expect(words).toMatch(new RegExp(`"width": ${width},\\s+"height": ${height}\\s*$`));
      }
    },
  );

  it.each(readdirSync(new URL("results/", folder)))(
    "%s is a square of 640 pixels",
    async (name) => {
      const { format, width, height } = await sharp(
        fileURLToPath(new URL(`results/${name}`, folder)),
      ).metadata();
      expect([format, width, height]).toEqual(["webp", 640, 640]);
    },
  );
});

describe("upscale-4x", () => {
  it("makes the cat four times as large, and the same cat", async () => {
    const { image } = await outputsOf("upscale-4x");
    const made = await decode(image);
    expect([made.width, made.height]).toEqual([320 * 4, 213 * 4]);
    const small = await decode(picture("cat.jpg"));
    for (const [x, y] of [
      [60, 40],
      [160, 100],
      [250, 170],
    ] as const) {
      expect(Math.abs(made.at(x * 4, y * 4)[0] - small.at(x, y)[0])).toBeLessThan(40);
    }
    expect(Math.abs(brightness(made) - brightness(small))).toBeLessThan(2);
  });

  it("draws more detail than a plain enlargement", async () => {
    const image = await bench.file(
      await sharp(readPictureFile("coffee.jpg")).resize(120).png().toBuffer(),
    );
    const { image: made } = await bench.example("upscale-4x", { image });
    const plain = await bench.run(
      "resize",
      { width: 480, height: 320, fit: "fill", kernel: "cubic" },
      { image },
    );
    expect(detail(await decode(made))).toBeGreaterThan(1.15 * detail(await decode(plain)));
  });

  it("takes a picture of the person who runs it", async () => {
    const image = await bench.draw(30, 20, () => [200, 30, 60]);
    const { image: made } = await bench.example("upscale-4x", { image });
    const { width, height, at } = await decode(made);
    expect([width, height]).toEqual([120, 80]);
    const [r, g, b] = at(60, 40);
    expect([Math.abs(r - 200) < 6, Math.abs(g - 30) < 6, Math.abs(b - 60) < 6]).toEqual([
      true,
      true,
      true,
    ]);
  });
});

describe("photo-finish", () => {
  it("gives a portrait of 4:5 at four times the size, and compares it with what it was", async () => {
    const { photo, comparison } = await outputsOf("photo-finish");
    const made = await decode(photo);
    // 480 × 320 cropped to 4:5 is 256 × 320.
    expect([made.width, made.height]).toEqual([1024, 1280]);
    const both = await decode(comparison);
    expect([both.width, both.height]).toEqual([1024, 1280]);
    expect(both.at(900, 600)).toEqual(made.at(900, 600));
    expect(both.at(512, 600)).toEqual([255, 255, 255, 255]);
    expect(both.at(100, 600)).not.toEqual(made.at(100, 600));
  });
});

describe("greetings", () => {
  it("writes each text on a card of its own, and lays them out in three columns", async () => {
    const { cards, sheet } = await outputsOf("greetings");
    const made = await decodeAll(cards);
    const photo = await decode(picture("tulips.jpg"));
    expect(made.map(({ width, height }) => [width, height])).toEqual(
      Array.from({ length: 6 }, () => [500, 500]),
    );
    for (const card of made) {
      expect(card.at(250, 60)).toEqual(photo.at(250, 60));
      expect(brightness(card, [0.1, 0.8, 0.9, 0.95])).not.toBeCloseTo(
        brightness(photo, [0.1, 0.8, 0.9, 0.95]),
        0,
      );
    }
    expect((await decode(sheet)).width).toBe(16 + 3 * (400 + 16));
  });

  it("makes one card for a list of one", async () => {
    const { cards } = await bench.example("greetings", { greetings: bench.texts("Hello") });
    expect(await decodeAll(cards)).toHaveLength(1);
  });
});

describe("colour-study", () => {
  it("shows nine hues with labels; the one in the middle is the picture itself", async () => {
    const { sheet } = await outputsOf("colour-study");
    const made = await decode(sheet);
    const label = Math.round(22 * 1.6);
    expect([made.width, made.height]).toEqual([24 + 3 * (360 + 24), 24 + 3 * (240 + label + 24)]);
    const half = await bench.run(
      "resize",
      { width: 360, height: 240, fit: "fill" },
      { image: picture("hills.png") },
    );
    const hills = await decode(half);
    const cell = (column: number, row: number) => (x: number, y: number) =>
      made.at(24 + column * 384 + x, 24 + row * (240 + label + 24) + y);
    expect(cell(1, 1)(180, 200)).toEqual(hills.at(180, 200));
    expect(cell(0, 0)(180, 200)).not.toEqual(hills.at(180, 200));
    // Labels are dark on a light strip.
    const strip = Array.from({ length: 360 }, (_, x) => cell(1, 1)(x, 240 + 18)[0]);
    expect(Math.min(...strip)).toBeLessThan(100);
    expect(strip[5]).toBe(0xf7);
  });
});

describe("prompt-builder", () => {
  const prompt = (moment: string) =>
    `a small harbour with two boats ${moment}, watercolour, calm water, wide view, soft light`;
  const all = ["at dawn", "at noon in summer", "in the rain", "under the stars"].map(prompt);

  it("writes a prompt for each moment, all of them as one text, and one by chance", async () => {
    const { prompts, text, one } = await outputsOf("prompt-builder");
    expect(prompts).toEqual(bench.texts(...all));
    expect(text).toEqual({ media: "text", text: all.join("\n") });
    assert(one?.media === "text", "one text");
    expect(all).toContain(one.text);
    expect((await bench.example("prompt-builder")).one).toEqual(one);
  });
});

describe("poster", () => {
  it("keeps 2:3 and writes the title above, the line below, and nothing in between", async () => {
    const { poster } = await outputsOf("poster");
    const made = await decode(poster);
    const plain = await decode(picture("harbour.jpg"));
    expect([made.width, made.height]).toEqual([800, 1200]);
    const changed = (y0: number, y1: number) => {
      let count = 0;
      for (let y = y0; y < y1; y += 2) {
        for (let x = 0; x < 800; x += 2)
          if (Math.abs(made.at(x, y)[2] - plain.at(x, y)[2]) > 12) count += 1;
      }
      return count;
    };
    expect(changed(60, 400)).toBeGreaterThan(3_000);
    expect(changed(420, 1_000)).toBe(0);
    expect(changed(1_080, 1_200)).toBeGreaterThan(400);
  });
});

describe("day-into-night", () => {
  it("puts the stars where the sky was bright, and leaves the cliff without", async () => {
    const { night, comparison } = await outputsOf("day-into-night");
    const made = await decode(night);
    const day = await decode(picture("cliff.jpg"));
    expect([made.width, made.height]).toEqual([500, 500]);
    const sky = [0.5, 0.1, 0.95, 0.4] as const;
    const cliff = [0.05, 0.3, 0.25, 0.9] as const;
    expect(brightness(day, sky)).toBeGreaterThan(200);
    expect(brightness(made, sky)).toBeLessThan(110);
    expect(brightness(made, cliff)).toBeLessThan(brightness(day, cliff));
    expect(brightness(made, cliff)).toBeLessThan(40);
    // Blue, as a night sky is.
    const [r, , b] = made.at(400, 150);
    expect(b).toBeGreaterThan(r + 20);
    const both = await decode(comparison);
    expect(both.at(100, 100)).toEqual(day.at(100, 100));
    expect(both.at(400, 100)).toEqual(made.at(400, 100));
  });
});

describe("every-format", () => {
  it("cuts the picture to each of the proportions", async () => {
    const { pictures } = await outputsOf("every-format");
    const sizes = (await decodeAll(pictures)).map(({ width, height }) => [width, height]);
    // Of 320 × 213: height kept for 1:1, 4:5 and 9:16, width kept for 16:9.
    expect(sizes).toEqual([
      [213, 213],
      [170, 213],
      [120, 213],
      [320, 180],
    ]);
  });
});

describe("album-page", () => {
  it("lays six squares out in three columns", async () => {
    const made = await decode((await outputsOf("album-page")).page);
    expect([made.width, made.height]).toEqual([24 + 3 * 424, 24 + 2 * 424]);
    expect(made.at(10, 10)).toEqual([0xf4, 0xf0, 0xe8, 255]);
  });
});

describe("dreamy-glow", () => {
  it("softens the photo and keeps its size", async () => {
    const { photo } = await outputsOf("dreamy-glow");
    const made = await decode(photo);
    const before = await decode(picture("blossom.jpg"));
    expect([made.width, made.height]).toEqual([500, 500]);
    expect(detail(made)).toBeLessThan(detail(before));
    expect(brightness(made)).toBeGreaterThan(brightness(before));
  });
});

/** Mean colour of a part. */
function colour({ width, height, at }: DecodedPicture, [x0, y0, x1, y1]: Part) {
  const sum: [number, number, number] = [0, 0, 0];
  let count = 0;
  for (let y = Math.floor(y0 * height); y < y1 * height; y += 3) {
    for (let x = Math.floor(x0 * width); x < x1 * width; x += 3, count += 1) {
      const [r, g, b] = at(x, y);
      sum[0] += r;
      sum[1] += g;
      sum[2] += b;
    }
  }
  const [r, g, b] = sum.map((value) => value / count);
  return { r: r ?? 0, g: g ?? 0, b: b ?? 0 };
}

describe("prompt-to-picture", () => {
  it("paints a red house between purple mountains, at 512 × 512", async () => {
    const made = await decode((await outputsOf("prompt-to-picture")).picture);
    expect([made.width, made.height]).toEqual([512, 512]);
    const wall = colour(made, [0.4, 0.68, 0.6, 0.72]);
    expect(wall.r).toBeGreaterThan(1.5 * Math.max(wall.g, wall.b));
    const ground = colour(made, [0.1, 0.85, 0.9, 0.95]);
    expect(ground.b).toBeGreaterThan(ground.g + 20);
  });
});

describe("one-scene-every-style", () => {
  it("paints six pictures that are nothing alike in tone, and lays them out in three columns", async () => {
    const { pictures, sheet } = await outputsOf("one-scene-every-style");
    const tones = (await decodeAll(pictures)).map((made) => brightness(made));
    expect(tones).toHaveLength(6);
    const [flat = 0, , , ink = 0, neon = 0] = tones;
    expect(ink).toBeGreaterThan(flat);
    expect(neon).toBeLessThan(flat / 2);
    expect((await decode(sheet)).width).toBe(24 + 3 * (384 + 24));
  });
});

describe("sketch-to-painting", () => {
  it("keeps the boat where it was drawn, in colours that are no longer flat", async () => {
    const made = await decode((await outputsOf("sketch-to-painting")).painting);
    const hull = colour(made, [0.25, 0.83, 0.4, 0.88]);
    expect(hull.r).toBeGreaterThan(1.5 * Math.max(hull.g, hull.b));
    const sky = [0.05, 0.02, 0.95, 0.25] as const;
    expect(brightness(made, sky)).toBeLessThan(160);
    expect(detail(made)).toBeGreaterThan(0);
  });
});

describe("add-a-balloon", () => {
  it("puts blue into the sky on the left and leaves the right half as it was", async () => {
    const made = await decode((await outputsOf("add-a-balloon")).picture);
    const balloon = colour(made, [0.2, 0.25, 0.3, 0.35]);
    expect(balloon.b).toBeGreaterThan(balloon.r + 30);
    const { comparison } = await outputsOf("add-a-balloon");
    const both = await decode(comparison);
    const before = colour(both, [0.35, 0.1, 0.48, 0.9]);
    const after = colour(made, [0.7, 0.1, 0.96, 0.9]);
    for (const channel of ["r", "g", "b"] as const)
      expect(Math.abs(before[channel] - after[channel])).toBeLessThan(4);
  });
});

describe("two-shots", () => {
  it("joins two films to one, cuts its ends, and lays every third frame out", async () => {
    const { video, storyboard } = await outputsOf("two-shots");
    expect(video).toMatchObject({
      artifact: { contentType: "video/mp4", width: 128, height: 128, durationMs: 3000 },
    });
    const sheet = await decode(storyboard);
    // Twenty-four frames: eight are every third of them.
    expect([sheet.width, sheet.height]).toEqual([16 + 4 * 272, 16 + 2 * 272]);
    const corner = (at: number) => [16 + (at % 4) * 272, 16 + Math.floor(at / 4) * 272] as const;
    const difference = (one: number, other: number) => {
      const [a, b] = [corner(one), corner(other)];
      let sum = 0;
      for (let y = 0; y < 256; y += 8)
        for (let x = 0; x < 256; x += 8)
          sum += Math.abs(sheet.at(a[0] + x, a[1] + y)[1] - sheet.at(b[0] + x, b[1] + y)[1]);
      return sum / 32 ** 2;
    };
    // Another scene begins in the middle.
    expect(difference(3, 4)).toBeGreaterThan(2 * difference(6, 7));
  });
});
