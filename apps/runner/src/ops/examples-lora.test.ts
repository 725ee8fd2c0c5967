import { assert, type Value } from "@heddle/core";
import { beforeAll, describe, expect, it } from "vitest";
import { createOps } from "../create-ops.ts";
import { readAdapter } from "../lora/read-adapter.ts";
import { createWeights } from "../weights/create-weights.ts";
import { brightness } from "./testing/brightness.ts";
import { useOpBench, type DecodedPicture } from "./testing/op-bench.ts";
import { readPictureFile } from "./testing/run-example.ts";

const bench = useOpBench(createOps({ threads: 2, weights: createWeights() }));
let outputs: Record<string, Value>;

async function pictures(name: string): Promise<DecodedPicture[]> {
  const value = outputs[name];
  const items = value?.media === "list" ? value.items : [value];
  const decode = (item: Value | undefined) => {
    assert(item?.media === "image", `${name} is pictures`);
    return bench.decode(item);
  };
  return Promise.all(items.map(decode));
}

describe("style-lora", () => {
  beforeAll(async () => {
    outputs = await bench.example("style-lora");
  });

  it("paints the scene plainly, in each style, and in both at once", async () => {
    const [plain, inked, glowing, mixed] = await pictures("pictures");
    assert(plain && inked && glowing && mixed, "four pictures");
    expect([mixed.width, mixed.height]).toEqual([512, 512]);
    // Ink is drawn on light paper, glow in the dark; both together are in between.
    expect(brightness(inked)).toBeGreaterThan(brightness(plain) + 20);
    expect(brightness(glowing)).toBeLessThan(brightness(plain) - 20);
    expect(brightness(mixed)).toBeLessThan(brightness(inked) - 10);
    expect(brightness(mixed)).toBeGreaterThan(brightness(glowing) + 10);
  });

  it("lays the four out on one sheet", async () => {
    expect((await pictures("sheet"))[0]?.width).toBe(2 * 512 + 3 * 24);
  });
});

/** How much more red than blue in the leftmost 512 pixels, 0–255. */
function warmth({ height, at }: DecodedPicture): number {
  let sum = 0;
  let count = 0;
  for (let y = 0; y < height; y += 8) {
    for (let x = 0; x < 512; x += 8) {
      const [r, , b] = at(x, y);
      sum += r - b;
      count += 1;
    }
  }
  return sum / count;
}

describe("train-lora", () => {
  beforeAll(async () => {
    for (let number = 1; number <= 8; number += 1)
      await bench.file(readPictureFile(`lesson-${number}.png`));
    // As it is, it learns for minutes.
    outputs = await bench.example("train-lora", { steps: { media: "number", number: 20 } });
  }, 240_000);

  it("keeps what it has learnt in a file, and shows a sample", async () => {
    const { style } = outputs;
    assert(style?.media === "lora", "a LoRA");
    expect(readAdapter(await bench.bytesOf(style), "lora").title).toBe("Two colours");
    expect(await pictures("samples")).toHaveLength(1);
  });

  it("paints nearer to the drawings after twenty steps already", async () => {
    const [made] = await pictures("picture");
    const [both] = await pictures("comparison");
    assert(made && both, "a picture, and one beside that before");
    expect(made.width).toBe(512);
    expect(both.width).toBeGreaterThan(2 * 512);
    // The scene is a green and blue day, the drawings are red and cream.
    expect(warmth(made)).toBeGreaterThan(warmth(both) + 20);
  });
});
