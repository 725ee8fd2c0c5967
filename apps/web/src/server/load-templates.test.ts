import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createLog } from "@heddle/infra";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadTemplates } from "./load-templates.ts";

const log = createLog({ app: "test", level: "silent" });
const value = { sha256: "1".repeat(64), contentType: "image/jpeg", sizeBytes: 3 };
const photo = { type: "input-image", position: { x: 0, y: 0 }, params: { value } };
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "heddle-templates-"));
  await mkdir(path.join(directory, "results"));
  await mkdir(path.join(directory, "pictures"));
  const write = (name: string, content: unknown) =>
    writeFile(path.join(directory, name), JSON.stringify(content));
  await write("b.heddle.json", { heddle: 1, name: "B", nodes: { photo } });
  await write("a.heddle.json", { heddle: 1, name: "A", nodes: { photo } });
  await write("prompt-to-picture.heddle.json", { heddle: 1, name: "P", nodes: { photo } });
  await write("broken.heddle.json", { heddle: 99 });
  await write("notes.json", {});
  await writeFile(path.join(directory, "pictures", "cat.jpg"), "cat");
  await writeFile(path.join(directory, "results", "a.webp"), "made");
});
afterAll(() => rm(directory, { recursive: true }));

it("gives every template that can be read, the first ones first, with what it makes or else what it takes", async () => {
  const { templates, pictures } = await loadTemplates(directory, log);
  expect(templates.map(({ slug, picture }) => [slug, picture?.contentType])).toEqual([
    ["prompt-to-picture", "image/jpeg"],
    ["a", "image/webp"],
    ["b", "image/jpeg"],
  ]);
  expect(pictures.map((file) => path.relative(directory, file))).toEqual([
    "pictures/cat.jpg",
    "results/a.webp",
  ]);
});

it("gives none where there are none", async () => {
  expect(await loadTemplates(path.join(directory, "nothing"), log)).toEqual({
    templates: [],
    pictures: [],
  });
});
