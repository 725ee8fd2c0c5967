import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createClient } from "@heddle/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildInput } from "./build-input.ts";
import { parseAssignments } from "./parse-assignments.ts";

let folder: string;
let uploads: string[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "heddle-test-"));
  uploads = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const types = new Map([
  ["photo", "image"],
  ["photos", "list of image"],
  ["caption", "text"],
  ["words", "list of text"],
  ["count", "number"],
]);

/** A server that takes uploads of `good…` and refuses others. */
const client = createClient({
  server: "http://heddle.test",
  fetch: async (_url, init) => {
    const file = init?.body instanceof FormData ? init.body.get("file") : null;
    const name = file instanceof File ? file.name : "";
    uploads.push(name);
    if (name.startsWith("good"))
      return Response.json({ url: `/a/${name}`, media: "image" }, { status: 201 });
    const problem = { status: 415, code: "unsupported_media", detail: "This is no picture" };
    return Response.json(problem, { status: 415 });
  },
});

async function build(...given: string[]): Promise<Record<string, unknown>> {
  return await buildInput({
    assignments: parseAssignments(given),
    types,
    client,
    say: () => undefined,
  });
}

function write(name: string, text = "x"): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return `@${file}`;
}

describe("the inputs of heddle run", () => {
  it("are sent as they are, with everything after the first =", async () => {
    expect(await build("caption=a=b", "count=3")).toEqual({ caption: "a=b", count: "3" });
  });

  it("upload the file of a picture", async () => {
    expect(await build(`photo=${write("good.jpg")}`)).toEqual({ photo: "/a/good.jpg" });
    expect(uploads).toEqual(["good.jpg"]);
  });

  it("read the file of a text", async () => {
    expect(await build(`caption=${write("words.txt", "hello")}`)).toEqual({ caption: "hello" });
    expect(uploads).toEqual([]);
  });

  it("become a list when they are named several times, or hold a JSON array", async () => {
    const photos = [write("good1.png"), write("good2.png")].map((file) => `photos=${file}`);
    expect(await build(...photos, 'words=["a","b"]')).toEqual({
      photos: ["/a/good1.png", "/a/good2.png"],
      words: ["a", "b"],
    });
  });

  it("refuse to be named twice where one value is taken", async () => {
    await expect(build("caption=a", "caption=b")).rejects.toThrow("--input caption is given twice");
  });

  it("name the input and the file that the server refuses", async () => {
    const file = write("bad.txt");
    await expect(build(`photo=${file}`)).rejects.toThrow(
      `--input photo: ${file.slice(1)}: This is no picture`,
    );
  });

  it("name the input whose file is not there", async () => {
    await expect(build("photo=@/nowhere.png")).rejects.toThrow(/^--input photo: .*nowhere\.png/);
    await expect(build("caption=@/nowhere.txt")).rejects.toThrow(
      /^--input caption: .*nowhere\.txt/,
    );
  });

  it("must have the form name=value", () => {
    expect(() => parseAssignments(["photo"])).toThrow("must be name=value or name=@file");
  });
});
