import { describe, expect, it } from "vitest";
import { safetensors, samplePicture } from "../testing/sample-files.ts";
import { sniffFile } from "./sniff.ts";

describe("sniffFile", () => {
  it.each(["png", "jpeg", "webp", "gif", "avif", "tiff"] as const)(
    "knows a %s by its bytes",
    async (format) => {
      expect(sniffFile(await samplePicture(format))).toEqual({ known: true, format });
    },
  );

  it("knows videos and LoRA files by their bytes", () => {
    const mp4 = Buffer.concat([
      Buffer.from([0, 0, 0, 24]),
      Buffer.from("ftypisom\0\0\x02\0isomiso2"),
    ]);
    expect(sniffFile(mp4)).toEqual({ known: true, format: "mp4" });
    expect(sniffFile(Buffer.from("\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", "latin1"))).toEqual(
      { known: true, format: "webm" },
    );
    expect(sniffFile(safetensors({}, 0))).toEqual({ known: true, format: "safetensors" });
  });

  const others: [string, string | Buffer][] = [
    ["SVG", '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ["SVG", '<?xml version="1.0"?>\n<!-- made by hand -->\n<svg width="1"/>'],
    ["HTML", "<!DOCTYPE html><script>alert(1)</script>"],
    ["HTML", "\n <html>"],
    ["XML", '<?xml version="1.0"?><rss/>'],
    ["PDF", "%PDF-1.7"],
    ["JSON", '{"a":1}'],
    ["text", "Just some words."],
    ["a Python pickle", Buffer.from([0x80, 0x02, 0x7d])],
    ["HEIC", Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from("ftypheic\0\0\0\0mif1heic")])],
    ["something else", Buffer.from([1, 2, 3, 4, 5, 6, 7, 8, 9])],
  ];
  it.each(others)("names %s that is not taken", (looksLike, content) => {
    expect(sniffFile(Buffer.from(content))).toEqual({ known: false, looksLike });
  });
});
