import { describe, expect, it } from "vitest";
import { zip, type ZipEntry } from "../testing/sample-files.ts";
import { unzip } from "./unzip.ts";

const limits = { files: 4, fileBytes: 1000 };
const text = (name: string, words = name): ZipEntry => ({ name, bytes: Buffer.from(words) });

async function namesIn(entries: readonly ZipEntry[]): Promise<string[]> {
  const names = [];
  for await (const { name } of unzip(zip(entries), limits)) names.push(name);
  return names;
}

describe("a ZIP", () => {
  it("gives its files by name, numbers as numbers, without folders and what systems add", async () => {
    const names = ["10.png", "__MACOSX/._1.png", "a/", "a/2.png", "9.png", ".DS_Store"];
    expect(await namesIn(names.map((name) => text(name, name.endsWith("/") ? "" : name)))).toEqual([
      "9.png",
      "10.png",
      "a/2.png",
    ]);
  });

  it("gives the bytes that went in", async () => {
    const bytes = Buffer.from("one two three ".repeat(50));
    for await (const file of unzip(zip([{ name: "a", bytes }]), limits))
      expect(Buffer.from(file.bytes)).toEqual(bytes);
  });

  const refused: [string, () => Uint8Array, RegExp][] = [
    ["without files", () => zip([]), /holds no files/],
    ["of too many", () => zip("abcde".split("").map((name) => text(name))), /more than 4 files/],
    [
      "of one that is too large",
      () => zip([{ name: "big", bytes: Buffer.alloc(1001) }]),
      /"big".*limit uploadBytes/,
    ],
    [
      "of several that are too large together",
      () => zip(["a", "b", "c"].map((name) => ({ name, bytes: Buffer.alloc(900) }))),
      /at "c".*limit uploadBytes/,
    ],
    [
      "that unpacks to more than it says",
      () => zip([{ name: "bomb", bytes: Buffer.alloc(900_000), claimedBytes: 100 }]),
      /damaged or cut short/,
    ],
    ["that leaves its folder", () => zip([text("../../etc/passwd")]), /damaged or cut short/],
    [
      "with a password",
      () => zip([{ ...text("a.png"), isLocked: true }]),
      /"a.png".*locked with a password/,
    ],
    ["that was cut", () => zip([text("a"), text("b")]).subarray(0, 60), /damaged or cut short/],
    ["that is only its first bytes", () => Buffer.from("PK\x03\x04"), /damaged or cut short/],
  ];
  it.each(refused)("%s is refused", async (_name, make, message) => {
    const all = async () => {
      for await (const file of unzip(make(), limits)) expect(file.name).not.toBe("");
    };
    await expect(all()).rejects.toThrow(message);
  });
});
