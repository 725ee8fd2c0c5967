import { readSafetensors } from "@heddle/infra";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OpError } from "../op.ts";
import { adapterLayout, largestAdapterBytes, lengthOf } from "./adapter.ts";
import { fromFloat16, toFloat16 } from "./float16.ts";
import { readAdapter } from "./read-adapter.ts";
import { factsOf, putTogether, rename, takeApart, type FileParts } from "./testing/file-parts.ts";
import { randomFactors } from "./testing/random-factors.ts";
import { writeAdapter } from "./write-adapter.ts";

const factors = randomFactors(1, 2);
const good = writeAdapter(factors, { title: "Night glow", dtype: "F16" });

/** The good file with another tensor at its end. */
function withTensor(name: string, dtype: string, values: readonly number[]): Uint8Array {
  const parts = takeApart(good);
  const { data } = parts;
  const itemBytes = { F16: 2, F32: 4, I64: 8 }[dtype] ?? 1;
  const more = new Uint8Array(data.length + values.length * itemBytes);
  more.set(data);
  const view = new DataView(more.buffer);
  for (const [at, value] of values.entries()) {
    if (dtype === "F32") view.setFloat32(data.length + at * 4, value, true);
    if (dtype === "F16") view.setUint16(data.length + at * 2, toFloat16(value), true);
  }
  parts.tensors.set(name, {
    dtype,
    shape: [values.length],
    data_offsets: [data.length, more.length],
  });
  return putTogether({ ...parts, data: more });
}

function failure(bytes: Uint8Array): { code: string; message: string; portId: string | undefined } {
  try {
    readAdapter(bytes, "loras");
  } catch (error) {
    if (error instanceof OpError) return error;
    throw error;
  }
  throw new Error("the file was taken");
}

describe("numbers of 16 bits", () => {
  it("come back as they were, every one of them", () => {
    for (let bits = 0; bits < 0x1_0000; bits += 1) {
      const value = fromFloat16(bits);
      expect(Number.isNaN(value) ? 0x7e00 : toFloat16(value)).toBe(
        Number.isNaN(value) ? 0x7e00 : bits,
      );
    }
  });

  it("are the nearest to what was written, of two equally near the even one", () => {
    fc.assert(
      fc.property(fc.double({ min: -70_000, max: 70_000, noNaN: true }), (value) => {
        const bits = toFloat16(value);
        const made = fromFloat16(bits);
        if (!Number.isFinite(made)) return Math.abs(value) >= 65_520;
        const distance = Math.abs(made - value);
        return [bits - 1, bits + 1]
          .map(fromFloat16)
          .every((other) => !(Math.abs(other - value) < distance));
      }),
    );
    expect([1 + 1 / 2048, 1 + 3 / 2048, 2 ** -25, 3 * 2 ** -25].map(toFloat16)).toEqual([
      0x3c00, 0x3c02, 0, 2,
    ]);
  });
});

describe("a LoRA file", () => {
  it("is read as it was written, at 16 and at 32 bits", () => {
    for (const dtype of ["F16", "F32"] as const) {
      const made = readAdapter(writeAdapter(factors, { title: "Night glow", dtype }), "loras");
      expect(made).toMatchObject({ rank: 2, title: "Night glow" });
      expect(made.a).toEqual(factors.a);
      expect(made.b).toEqual(factors.b);
    }
  });

  it("has the same bytes whenever the same factors are written", () => {
    const again = writeAdapter(randomFactors(1, 2), { title: "Night glow", dtype: "F16" });
    expect(Buffer.from(again).equals(good)).toBe(true);
  });

  it("holds the factors where the training in Python puts them", () => {
    const { tensors } = readSafetensors(good);
    const down = tensors.get("blocks.3.up.lora_A.weight");
    const up = tensors.get("blocks.3.up.lora_B.weight");
    expect([down?.shape, up?.shape]).toEqual([
      [2, 256],
      [1024, 2],
    ]);
    const first = (bytes: Uint8Array | undefined) =>
      fromFloat16((bytes?.[0] ?? 0) + 256 * (bytes?.[1] ?? 0));
    // A of `up` begins at column 2 · 256, its B at row 4 · 256.
    expect(first(down?.bytes)).toBe(factors.a[3 * 2 * 1792 + 512]);
    expect(first(up?.bytes)).toBe(factors.b[(3 * 2304 + 1024) * 2]);
  });

  it("fills both factors without a gap: the layout has a place for every number, once", () => {
    const { targets, inputs, outputs } = adapterLayout;
    const sum = (of: "input" | "output") =>
      targets.reduce((total, target) => total + lengthOf(target[of]), 0);
    expect([sum("input"), sum("output")]).toEqual([inputs, outputs]);
  });

  it("is read as bfloat16, too", () => {
    const parts = takeApart(good);
    for (const tensor of parts.tensors.values()) tensor.dtype = "BF16";
    parts.data.fill(0x3f);
    const made = readAdapter(putTogether(parts), "loras");
    // 0x3f3f: exponent 126, fraction 63 of 128.
    expect(made.a[0]).toBe(0.5 * (1 + 63 / 128));
  });

  it("scales by the alpha of a layer, and by that of the header where a layer has none", () => {
    const own = readAdapter(withTensor("blocks.0.qkv.alpha", "F32", [6]), "loras");
    expect(own.b.slice(0, 4)).toEqual(factors.b.slice(0, 4).map((value) => value * 3));
    expect(own.b.at(-1)).toBe(factors.b.at(-1));
    const parts = takeApart(good);
    parts.metadata["lora_alpha"] = "-1";
    const common = readAdapter(putTogether(parts), "loras");
    expect(common.b).toEqual(factors.b.map((value) => value * -0.5));
    expect(common.a).toEqual(factors.a);
  });
});

type Change = (parts: FileParts) => unknown;
const qkv = "blocks.0.qkv.lora_A.weight";

const damaged: [string, Change, string, RegExp][] = [
  [
    "a layer that is missing half of it",
    (parts) => rename(parts, qkv, "x"),
    "lora_unreadable",
    /blocks\.0\.qkv\.lora_A\.weight is missing/,
  ],
  [
    "layers of another network",
    renameAll,
    "lora_of_another_model",
    /changes layers such as “unet\.blocks/,
  ],
  [
    "another base model in its header",
    (parts) => (parts.metadata = { base: "sdxl-1.0" }),
    "lora_of_another_model",
    /for “sdxl-1\.0”/,
  ],
  [
    "the sides of a tensor exchanged",
    (parts) => factsOf(parts, "blocks.1.out.lora_A.weight").shape.reverse(),
    "lora_of_another_model",
    /is 256 × 2, and must be 2 × 256/,
  ],
  [
    "whole numbers instead of fractions",
    (parts) => (factsOf(parts, qkv).dtype = "I16"),
    "lora_unreadable",
    /is of type I16; F16, BF16 and F32 are taken/,
  ],
  [
    "a number that is not a number",
    ({ data }) => data.set([0x00, 0x7e]),
    "lora_unreadable",
    /not finite/,
  ],
  [
    "an infinite number",
    ({ data }) => data.set([0x00, 0xfc], 100),
    "lora_unreadable",
    /not finite/,
  ],
  [
    "offsets that overlap",
    (parts) => (factsOf(parts, qkv).data_offsets = [2, 2 + 2 * 256 * 2]),
    "lora_unreadable",
    /belong to no tensor|overlap/,
  ],
  [
    "offsets outside of the file",
    (parts) => (factsOf(parts, qkv).data_offsets = [1e9, 1e9 + 1024]),
    "lora_unreadable",
    /belong to no tensor|overlap/,
  ],
  [
    "an alpha that is no number",
    (parts) => (parts.metadata = { alpha: "much" }),
    "lora_unreadable",
    /“much”, and must be a number/,
  ],
  [
    "an alpha beyond all bounds",
    (parts) => (parts.metadata = { alpha: "1e300" }),
    "lora_unreadable",
    /not finite/,
  ],
];

function renameAll(parts: FileParts): void {
  const names = [...parts.tensors.keys()];
  for (const name of names) rename(parts, name, `unet.${name}`);
}

describe("a LoRA file that cannot be used", () => {
  it.each(damaged)("is refused in words: %s", (_, change, code, message) => {
    const parts = takeApart(good);
    change(parts);
    const found = failure(putTogether(parts));
    expect(found).toMatchObject({ code, portId: "loras" });
    expect(found.message).toMatch(message);
    expect(found.message).toMatch(/[Cc]hoose (another|one that Train LoRA or House style made)\.$/);
  });

  it("is refused when it changes a layer that the network does not have", () => {
    const found = failure(withTensor("blocks.9.qkv.lora_A.weight", "F16", [1]));
    expect(found.code).toBe("lora_of_another_model");
    expect(found.message).toContain("also changes “blocks.9.qkv.lora_A.weight”");
  });

  it.each([0, 65, 1000])("is refused at rank %i", (rank) => {
    const parts = takeApart(good);
    let end = 0;
    for (const tensor of parts.tensors.values()) {
      tensor.shape = tensor.shape.map((length) => (length === 2 ? rank : length));
      const sizeBytes = 2 * tensor.shape.reduce((product, length) => product * length, 1);
      tensor.data_offsets = [end, end + sizeBytes];
      end += sizeBytes;
    }
    const found = failure(putTogether({ ...parts, data: new Uint8Array(end) }));
    expect(found.message).toMatch(
      rank > 500 ? /too large/ : /its rank is \d+, and must be 1 to 64/,
    );
  });

  it("is refused when it is too large, before anything is read", () => {
    const found = failure(new Uint8Array(largestAdapterBytes + 1));
    expect(found).toMatchObject({ code: "lora_too_large" });
  });

  it("is refused when its header says that it is longer than the file, or is not JSON", () => {
    const lying = good.slice();
    new DataView(lying.buffer).setBigUint64(0, 2n ** 62n, true);
    expect(failure(lying).message).toContain("the limit is 10485760");
    const early = good.slice();
    new DataView(early.buffer).setBigUint64(0, 40n, true);
    expect(failure(early).message).toContain("its header is not JSON");
    expect(failure(good.subarray(0, 5)).message).toContain("it ends before its header");
    expect(failure(good.subarray(0, 3000)).message).toContain("ends before the end of its header");
    expect(failure(good.subarray(0, good.length - 1)).message).toContain("the file holds");
  });

  it("never does more than that, whatever bytes are changed, cut off or put in", () => {
    const small = writeAdapter(randomFactors(3, 1), { title: "", dtype: "F16" });
    const header = Number(new DataView(small.buffer).getBigUint64(0, true));
    const place = fc.oneof(
      fc.integer({ min: 0, max: 8 + header }),
      fc.integer({ min: 0, max: small.length - 1 }),
    );
    const changes = fc.array(fc.tuple(place, fc.integer({ min: 0, max: 255 })), { maxLength: 4 });
    fc.assert(
      fc.property(changes, fc.option(place), (bytes, end) => {
        const file = small.slice(0, end ?? small.length);
        for (const [at, value] of bytes) if (at < file.length) file[at] = value;
        // A view in the middle of a larger buffer: reading outside of it would find sevens.
        const around = new Uint8Array(file.length + 128).fill(7);
        around.set(file, 64);
        try {
          const made = readAdapter(around.subarray(64, 64 + file.length), "loras");
          expect(made.a.every(Number.isFinite) && made.b.every(Number.isFinite)).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(OpError);
        }
      }),
      { numRuns: 200 },
    );
  });
});
