import { randomBytes } from "node:crypto";
import { readdirSync } from "node:fs";
import { catalog } from "@heddle/catalog";
import { defaultLimits, type Json, type Value } from "@heddle/core";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { createImageOps } from "./index.ts";
import { drawBomb, drawPixels } from "./testing/draw-pixels.ts";
import { useOpBench } from "./testing/op-bench.ts";

const bench = useOpBench();
const ops = createImageOps().map(({ name }) => name);
const portsOf = (op: string) =>
  (catalog.get(op)?.fields ?? []).filter(({ type }) => type.media === "image");
const cases = ops.flatMap((op) => portsOf(op).map((port) => [op, port.name] as const));
/** Parameters that make the op do its work. */
const working: Record<string, Record<string, Json>> = {
  "overlay-text": { text: "Heddle", backdrop: "shadow" },
  "rotate-flip": { turn: "right", angle: 3, flipHorizontal: true },
  adjust: { hue: 40 },
  "blur-sharpen": { effect: "sharpen" },
};

type Picture = Value & { media: "image" };

/** Every image port of the op gets `picture`, except that `port` gets `odd`. */
function wires(
  op: string,
  picture: Picture,
  odd: { port?: string; picture?: Picture } = {},
): Record<string, Value> {
  const entries = portsOf(op).map(({ name, type }) => {
    const chosen = name === odd.port && odd.picture !== undefined ? odd.picture : picture;
    return [name, type.list ? bench.list([picture, chosen]) : chosen] as const;
  });
  return Object.fromEntries(entries);
}

describe("the ops", () => {
  it("have a file each, and do the work of every node type that has an op on pictures", () => {
    const files = readdirSync(new URL(".", import.meta.url))
      .flatMap((name) => name.match(/^(.+)\.ts$/)?.[1] ?? [])
      .filter((name) => !name.endsWith(".test") && !["index", "define-op"].includes(name));
    const works = [...catalog.values()].flatMap(({ work, outputs }) =>
      work.kind === "op" ? [{ ...work, makes: outputs.map(({ type }) => type.media) }] : [],
    );
    expect([...new Set(works.map(({ op }) => op))].toSorted()).toEqual(files.toSorted());
    const needed = works.filter(
      ({ op, model, makes }) =>
        model === undefined && makes[0] === "image" && portsOf(op).length > 0,
    );
    expect(ops.toSorted()).toEqual([...new Set(needed.map(({ op }) => op))].toSorted());
  });

  it("give outputs named as their node types name them", async () => {
    const picture = await bench.draw(8, 8, (x, y) => [x, y, 0]);
    for (const op of createImageOps()) {
      const node = catalog.get(op.name);
      const made = await bench.run(
        op.name,
        { ...node?.params.parse({}), ...working[op.name] },
        wires(op.name, picture),
      );
      expect(made.media).toBe("image");
    }
  });
});

describe.each(ops)("%s", (op) => {
  it("makes the same bytes from the same input, without any metadata", async () => {
    const noise = randomBytes(64 * 48 * 3);
    const picture = await bench.draw(64, 48, (x, y) => {
      const at = (y * 64 + x) * 3;
      return [noise[at] ?? 0, noise[at + 1] ?? 0, noise[at + 2] ?? 0, x < 5 ? 100 : 255];
    });
    const first = await bench.run(op, working[op] ?? {}, wires(op, picture));
    const second = await bench.run(op, working[op] ?? {}, wires(op, picture));
    expect(second).toEqual(first);
    expect(first.artifact.contentType).toBe("image/png");
    expect(chunksOf(await bench.bytesOf(first))).toEqual(["IHDR", "IDAT", "IEND"]);
  });

  it("reads JPEG, WebP, GIF, AVIF, TIFF, grey, palette and 16-bit pictures as 8-bit sRGB", async () => {
    const source = sharp(drawPixels(40, 30, (x) => [x * 6, 100, 50]));
    const variants = await Promise.all([
      source.clone().jpeg().toBuffer(),
      source.clone().webp().toBuffer(),
      source.clone().gif().toBuffer(),
      source.clone().avif({ effort: 0 }).toBuffer(),
      source.clone().tiff().toBuffer(),
      source.clone().greyscale().png().toBuffer(),
      source.clone().png({ palette: true }).toBuffer(),
      source.clone().toColourspace("rgb16").png().toBuffer(),
      source.clone().toColourspace("cmyk").jpeg().toBuffer(),
    ]);
    for (const bytes of variants) {
      const made = await bench.run(op, working[op] ?? {}, wires(op, await bench.file(bytes)));
      const { depth, space } = await sharp(await bench.bytesOf(made)).metadata();
      expect([depth, ["srgb", "b-w"].includes(space)]).toEqual(["uchar", true]);
    }
  });

  it("stops when it is aborted, before it has stored anything", async () => {
    const picture = await bench.draw(8, 8, () => [1, 2, 3]);
    const signal = AbortSignal.abort();
    await expect(
      bench.run(op, working[op] ?? {}, wires(op, picture), { signal }),
    ).rejects.toMatchObject({ name: "AbortError" });
  });

  it("holds to the limit of pixels of this installation", async () => {
    const picture = await bench.draw(40, 30, () => [1, 2, 3]);
    const limits = { ...defaultLimits, pixels: 1_199 };
    await expect(
      bench.run(op, working[op] ?? {}, wires(op, picture), { limits }),
    ).rejects.toMatchObject({
      name: "OpError",
      code: "image_too_large",
    });
  });
});

describe("bad files", () => {
  let good: Picture;
  const bad: Record<string, Picture> = {};
  beforeAll(async () => {
    good = await bench.draw(64, 64, (x, y) => [x, y, 0]);
    const noise = randomBytes(300 * 300 * 3);
    const raw = { raw: { width: 300, height: 300, channels: 3 } } as const;
    const png = await sharp(noise, raw).png().toBuffer();
    const jpeg = await sharp(noise, raw).jpeg().toBuffer();
    const files: Record<string, Uint8Array> = {
      empty: Buffer.alloc(0),
      "a cut PNG": png.subarray(0, png.length / 2),
      "a cut JPEG": jpeg.subarray(0, jpeg.length / 2),
      "the head of a PNG": png.subarray(0, 40),
      "a PNG signature and noise": Buffer.concat([png.subarray(0, 8), noise.subarray(0, 500)]),
      "an SVG": Buffer.from(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>',
      ),
      "an SVG with a declaration": Buffer.from(
        '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
      ),
      "a web page": Buffer.from("<!DOCTYPE html><html><script>alert(1)</script></html>"),
      "a PDF": Buffer.from("%PDF-1.7\n%%EOF"),
      "a text": Buffer.from("hello"),
      "a 16,000 × 16,000 PNG": drawBomb(16_000),
    };
    for (const [name, bytes] of Object.entries(files)) bad[name] = await bench.file(bytes);
  });

  it.each(cases)(
    "%s refuses each of them at %s, naming the port, in words for a person",
    async (op, port) => {
      for (const [name, picture] of Object.entries(bad)) {
        const failure: unknown = await bench
          .run(op, working[op] ?? {}, wires(op, good, { port, picture }))
          .then(
            () => `${name} was accepted`,
            (error: unknown) => error,
          );
        expect([name, failure]).toEqual([
          name,
          expect.objectContaining({
            name: "OpError",
            code: name.startsWith("a 16,000") ? "image_too_large" : "image_unreadable",
            portId: port,
            message: expect.stringMatching(/\.$/),
          }),
        ]);
      }
    },
  );

  it("say what the file is instead, and how large is too large", async () => {
    const messageFor = (name: string) =>
      bench.run("resize", {}, { image: bad[name] ?? good }).then(
        () => "",
        (error: Error) => error.message,
      );
    expect(await messageFor("empty")).toContain("it is empty");
    expect(await messageFor("an SVG")).toContain("it is an SVG drawing");
    expect(await messageFor("a web page")).toContain("it is a web page");
    expect(await messageFor("a cut PNG")).toContain("cut off or damaged");
    expect(await messageFor("a 16,000 × 16,000 PNG")).toBe(
      "A picture of 16000 × 16000 pixels (256 megapixels) is too large: at most 100 megapixels are allowed (limit pixels).",
    );
  });
});

function chunksOf(png: Uint8Array): string[] {
  const names: string[] = [];
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at < png.byteLength; at += 12 + view.getUint32(at)) {
    const name = Buffer.from(png.subarray(at + 4, at + 8)).toString("latin1");
    if (names.at(-1) !== name) names.push(name);
  }
  return names;
}
