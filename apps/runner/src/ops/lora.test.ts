import { catalog, models } from "@heddle/catalog";
import { assert, type Json, type Value } from "@heddle/core";
import { houseStyles, styleAdaptersWeights } from "@heddle/house-models";
import { beforeAll, describe, expect, it } from "vitest";
import { createOps } from "../create-ops.ts";
import { readAdapter } from "../lora/read-adapter.ts";
import { factsOf, putTogether, rename, takeApart } from "../lora/testing/file-parts.ts";
import { randomFactors } from "../lora/testing/random-factors.ts";
import { writeAdapter } from "../lora/write-adapter.ts";
import { createWeights } from "../weights/create-weights.ts";
import { useOpBench, type DecodedPicture } from "./testing/op-bench.ts";

const bench = useOpBench(createOps({ threads: 2, weights: createWeights() }));
const quick = { prompt: "a red boat at sea at dusk", steps: 4 };
type Lora = Value & { media: "lora" };

async function lora(name: string, params: Record<string, Json>, inputs = {}): Promise<Lora> {
  const { lora: made } = await bench.runAll(name, params, inputs);
  assert(made?.media === "lora", `${name} makes a LoRA`);
  return made;
}

function list(...items: Lora[]): Value {
  return { media: "list", of: "lora", items };
}

async function paint(loras: Lora[], loraScale = 100): Promise<DecodedPicture> {
  const made = await bench.run("text-to-image", { ...quick, loraScale }, { loras: list(...loras) });
  return bench.decode(made);
}

/** Mean over all pixels and colours, 0–255. */
function difference(one: DecodedPicture, other: DecodedPicture): number {
  let sum = 0;
  for (let y = 0; y < one.height; y += 1) {
    for (let x = 0; x < one.width; x += 1) {
      const [first, second] = [one.at(x, y), other.at(x, y)];
      for (const channel of [0, 1, 2])
        sum += Math.abs((first[channel] ?? 0) - (second[channel] ?? 0));
    }
  }
  return sum / (one.width * one.height * 3);
}

let ink: Lora;
let glow: Lora;
let plain: DecodedPicture;
beforeAll(async () => {
  ink = await lora("style-lora", { style: "coastal-ink" });
  glow = await lora("style-lora", { style: "night-glow" });
  plain = await bench.decode(await bench.run("text-to-image", quick, {}));
});

describe("style-lora", () => {
  it("offers the styles that come along, and runs the files that the catalog says", () => {
    const node = catalog.get("style-lora");
    const styles = node?.fields.find(({ name }) => name === "style")?.options ?? [];
    const ids = houseStyles.adapters.map(({ id }) => id);
    expect(styles.map(({ value }) => value).toSorted()).toEqual(ids.toSorted());
    const model = { id: houseStyles.id, ...styleAdaptersWeights(houseStyles.adapters) };
    expect(models.get(houseStyles.id)).toMatchObject(model);
    expect(node?.work).toEqual({ kind: "op", op: "style-lora", model });
  });

  it.each(houseStyles.adapters)(
    "gives $id as it lies in the package",
    async ({ id, sha256, sizeBytes }) => {
      const { artifact } = await lora("style-lora", { style: id });
      expect(artifact).toEqual({ sha256, sizeBytes, contentType: "application/octet-stream" });
      expect(readAdapter(await bench.bytesOf({ artifact }), "lora").rank).toBeGreaterThan(0);
    },
  );
});

describe("a painting with LoRAs", () => {
  it("is another picture, the same one each time, and without any at strength 0", async () => {
    const made = await paint([ink]);
    expect(difference(made, plain)).toBeGreaterThan(15);
    expect(difference(await paint([ink]), made)).toBe(0);
    expect(difference(await paint([]), plain)).toBe(0);
    expect(difference(await paint([ink], 0), plain)).toBe(0);
  });

  it("wears several at once: what they do adds up, in whatever order", async () => {
    const both = await paint([ink, glow]);
    expect(difference(both, await paint([ink]))).toBeGreaterThan(5);
    expect(difference(both, await paint([glow]))).toBeGreaterThan(5);
    expect(difference(both, await paint([glow, ink]))).toBeLessThan(1);
    const opposite = await lora("lora-strength", { strength: -100 }, { lora: ink });
    expect(difference(await paint([ink, opposite]), plain)).toBeLessThan(1);
  });

  it.each(["image-to-image", "inpaint"])("is made by %s, too", async (name) => {
    const image = await bench.draw(64, 64, (x, y) => [x * 3, y * 3, 90]);
    const mask = await bench.draw(8, 8, () => [255, 255, 255]);
    const settings = { ...quick, ...(name === "image-to-image" && { strength: 90 }) };
    const without = await bench.decode(await bench.run(name, settings, { image, mask }));
    const made = await bench.run(name, settings, { image, mask, loras: list(ink) });
    expect(difference(await bench.decode(made), without)).toBeGreaterThan(5);
  });

  it("takes four and refuses five", async () => {
    const run = bench.run("text-to-image", quick, { loras: list(ink, ink, ink, ink, ink) });
    await expect(run).rejects.toMatchObject({
      code: "input_invalid",
      portId: "loras",
      message: "LoRAs must have at most 4 items.",
    });
  });
});

describe("lora-strength", () => {
  it("is the same as painting with less of it", async () => {
    const half = await lora("lora-strength", { strength: 50 }, { lora: ink });
    expect(difference(await paint([half]), await paint([ink], 50))).toBeLessThan(1);
    const { a, b, title } = readAdapter(await bench.bytesOf(half), "lora");
    const whole = readAdapter(await bench.bytesOf(ink), "lora");
    expect(a).toEqual(whole.a);
    expect(b).toEqual(whole.b.map((value) => value / 2));
    expect(title).toBe(`${whole.title} 50 %`);
  });

  it("hands on the same file at 100, and one that does nothing at 0", async () => {
    expect(await lora("lora-strength", { strength: 100 }, { lora: ink })).toEqual(ink);
    const none = await lora("lora-strength", { strength: 0 }, { lora: ink });
    expect(difference(await paint([none]), plain)).toBe(0);
  });
});

const good = writeAdapter(randomFactors(1, 2), { title: "", dtype: "F16" });
const bad: [string, string, () => Uint8Array][] = [
  [
    "a LoRA of another shape",
    "lora_of_another_model",
    () => {
      const parts = takeApart(good);
      factsOf(parts, "blocks.0.out.lora_A.weight").shape.reverse();
      return putTogether(parts);
    },
  ],
  [
    "a LoRA of another model",
    "lora_of_another_model",
    () => {
      const parts = takeApart(good);
      const names = [...parts.tensors.keys()];
      for (const name of names) rename(parts, name, `unet.${name}`);
      return putTogether(parts);
    },
  ],
  [
    "a header that lies",
    "lora_unreadable",
    () => {
      const file = good.slice();
      new DataView(file.buffer).setBigUint64(0, 2n ** 40n, true);
      return file;
    },
  ],
  [
    "numbers that are none",
    "lora_unreadable",
    () => {
      const parts = takeApart(good);
      parts.data.fill(0xff, 0, 64);
      return putTogether(parts);
    },
  ],
  ["half a file", "lora_unreadable", () => good.slice(0, good.length / 2)],
  ["a picture", "lora_unreadable", () => Buffer.from("\x89PNG\r\n\x1a\n and so on", "latin1")],
  ["an empty file", "lora_unreadable", () => new Uint8Array()],
  ["32 MB of zeros", "lora_too_large", () => new Uint8Array(2 ** 25)],
];

describe.each(bad)("%s", (_name, code, make) => {
  it("is refused in words, naming the port, by the node that paints and by the one that weighs", async () => {
    const file = await bench.lora(make());
    const wanted = (portId: string) => ({
      name: "OpError",
      code,
      portId,
      message: expect.stringMatching(/\.$/),
    });
    await expect(
      bench.run("text-to-image", quick, { loras: list(ink, file) }),
    ).rejects.toMatchObject(wanted("loras"));
    await expect(bench.runAll("lora-strength", {}, { lora: file })).rejects.toMatchObject(
      wanted("lora"),
    );
  });
});
