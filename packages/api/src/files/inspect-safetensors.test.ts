import { describe, expect, it } from "vitest";
import { safetensors } from "../testing/sample-files.ts";
import { inspectSafetensors } from "./inspect-safetensors.ts";

const two = {
  a: { dtype: "F16", shape: [2, 3], data_offsets: [0, 12] },
  b: { dtype: "F32", shape: [], data_offsets: [12, 16] },
};

describe("inspectSafetensors", () => {
  it("takes a file whose tensors cover its data exactly", () => {
    expect(inspectSafetensors(safetensors({ ...two, __metadata__: { format: "pt" } }, 16))).toEqual(
      {
        tensors: 2,
        metadata: { format: "pt" },
      },
    );
  });

  const wrong: [string, unknown, number, RegExp][] = [
    ["a rest that belongs to no tensor", two, 17, /tensors take 16 bytes, the file holds 17/],
    ["data that ends early", two, 15, /tensors take 16 bytes, the file holds 15/],
    ["a gap", { a: { dtype: "U8", shape: [2], data_offsets: [1, 3] } }, 3, /belong to no tensor/],
    [
      "an overlap",
      {
        a: { dtype: "U8", shape: [2], data_offsets: [0, 2] },
        b: { dtype: "U8", shape: [2], data_offsets: [1, 3] },
      },
      3,
      /overlap/,
    ],
    [
      "a size that is not its shape's",
      { a: { dtype: "F32", shape: [2], data_offsets: [0, 4] } },
      4,
      /its shape needs 8/,
    ],
    [
      "a shape whose product overflows",
      { a: { dtype: "F32", shape: [2 ** 31, 2 ** 31], data_offsets: [0, 4] } },
      4,
      /too large/,
    ],
    [
      "a negative length",
      { a: { dtype: "F32", shape: [-1], data_offsets: [0, 4] } },
      4,
      /not described/,
    ],
    [
      "an unknown type",
      { a: { dtype: "PICKLE", shape: [4], data_offsets: [0, 4] } },
      4,
      /unknown type "PICKLE"/,
    ],
    ["metadata that is not text", { __metadata__: { a: 1 } }, 0, /text only/],
    ["too many tensors", manyTensors(10_001), 10_001, /10001 tensors, the limit is 10000/],
    ["a header that is no object", [1], 0, /not a JSON object/],
  ];
  it.each(wrong)("refuses %s", (_, header, dataBytes, message) => {
    expect(() => inspectSafetensors(safetensors(header, dataBytes))).toThrow(message);
  });

  it("refuses a header that is said to be larger than the file, or than 10 MB, without reading it", () => {
    const cut = safetensors(two, 0).subarray(0, 20);
    expect(() => inspectSafetensors(cut)).toThrow(/ends before the end of its header/);
    const huge = Buffer.alloc(32);
    huge.writeBigUInt64LE(2n ** 63n);
    expect(() => inspectSafetensors(huge)).toThrow(/the limit is 10485760/);
  });
});

function manyTensors(count: number): unknown {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [
      `t${index}`,
      { dtype: "U8", shape: [1], data_offsets: [index, index + 1] },
    ]),
  );
}
