import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { catalog } from "@heddle/catalog";
import {
  artifactRefSchema,
  compile,
  describeInterface,
  parseDocument,
  type ArtifactRef,
  type Document,
  type Json,
} from "@heddle/core";
import { describe, expect, it } from "vitest";

const folder = dirname(fileURLToPath(import.meta.url));
const slugs = readdirSync(folder)
  .filter((name) => name.endsWith(".heddle.json"))
  .map((name) => name.replace(/\.heddle\.json$/, ""));
const pictures = readdirSync(join(folder, "pictures"));
const results = readdirSync(join(folder, "results"));
const credits = readFileSync(join(folder, "CREDITS.md"), "utf8");

function read(slug: string): Document {
  const parsed = parseDocument(
    JSON.parse(readFileSync(join(folder, `${slug}.heddle.json`), "utf8")),
  );
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("\n"));
  return parsed.document;
}

function filesOf({ nodes }: Document): ArtifactRef[] {
  return Object.values(nodes).flatMap(({ params }) => Object.values(params).flatMap(filesIn));
}

function filesIn(json: Json): ArtifactRef[] {
  if (Array.isArray(json)) return json.flatMap(filesIn);
  const file = artifactRefSchema.safeParse(json);
  return file.success ? [file.data] : [];
}

describe("the examples", () => {
  it("cover what the README promises: painting from words, a sketch and a mask, in a style that comes along or is learnt, upscaling, a photo's finish, mapping, a sweep, text, a poster, a mask", () => {
    expect(slugs).toEqual(
      expect.arrayContaining([
        "prompt-to-picture",
        "one-scene-every-style",
        "sketch-to-painting",
        "add-a-balloon",
        "style-lora",
        "train-lora",
        "upscale-4x",
        "photo-finish",
        "greetings",
        "colour-study",
        "prompt-builder",
        "poster",
        "day-into-night",
      ]),
    );
    const used = new Set(
      slugs.flatMap((slug) => Object.values(read(slug).nodes).map(({ type }) => type)),
    );
    expect([...used]).toEqual(
      expect.arrayContaining(["upscale", "crop", "adjust", "compare", "sweep", "grid", "blend"]),
    );
  });

  it("upscale-4x takes `image` and gives `image`", () => {
    const { inputs, outputs } = describeInterface(read("upscale-4x"), catalog);
    expect(inputs.map(({ name }) => name)).toEqual(["image"]);
    expect(outputs.map(({ name }) => name)).toEqual(["image"]);
  });
});

describe("the pictures", () => {
  it.each(pictures)(
    "%s is small, credited, and what an example names, byte for byte",
    async (name) => {
      const bytes = readFileSync(join(folder, "pictures", name));
      expect(bytes.byteLength).toBeLessThanOrEqual(200 * 1024);
      expect(credits).toContain(`\`${name}\``);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      const named = slugs
        .flatMap((slug) => filesOf(read(slug)))
        .filter((file) => file.sha256 === sha256);
      const contentType = name.endsWith(".png") ? "image/png" : "image/jpeg";
      expect(named.length).toBeGreaterThan(0);
      for (const file of named) {
        expect(file).toMatchObject({ sha256, contentType, sizeBytes: bytes.byteLength });
      }
    },
  );
});

describe.each(slugs)("%s", (slug) => {
  const document = read(slug);
  const nodes = Object.entries(document.nodes);

  it("compiles without a problem or a notice, as it is", () => {
    const result = compile(document, catalog, { requireInputs: true, randomSeed: () => 1 });
    expect(result).toMatchObject({ ok: true, notices: [] });
    if (!result.ok) return;
    expect(result.plan.outputs.length).toBeGreaterThan(0);
    expect(result.plan.nodeSteps).toHaveProperty(nodes[0]?.[0] ?? "");
    expect(Object.keys(result.plan.nodeSteps)).toHaveLength(nodes.length);
  });

  it("names only pictures that come with it", () => {
    const known = pictures.map((name) =>
      createHash("sha256")
        .update(readFileSync(join(folder, "pictures", name)))
        .digest("hex"),
    );
    for (const { sha256 } of filesOf(document)) expect(known).toContain(sha256);
  });

  it("has a name, a description, and a label for whatever a form shows", () => {
    expect(document.name.length).toBeLessThanOrEqual(32);
    expect(document.description).toMatch(/^[A-Z].{40,}\.$/);
    const { inputs, outputs } = describeInterface(document, catalog);
    for (const { label, name } of [...inputs, ...outputs]) expect(label).not.toBe(name);
  });

  it("comes with a small square picture of its result, unless it gives neither picture nor film", () => {
    const gives = describeInterface(document, catalog).outputs.some(({ type }) =>
      ["image", "video"].includes(type.media),
    );
    expect(results.includes(`${slug}.webp`)).toBe(gives);
    if (!gives) return;
    const bytes = readFileSync(join(folder, "results", `${slug}.webp`));
    expect(bytes.byteLength).toBeLessThanOrEqual(60 * 1024);
  });

  it("is laid out in columns 56 px apart on the 8-px grid, from left to right, nothing on top of anything", () => {
    for (const [, { position, width = 208 }] of nodes) {
      expect([position.x % 8, position.y % 8, (position.x - 64) % 264, width]).toEqual([
        0, 0, 0, 208,
      ]);
    }
    for (const { from, to } of document.edges) {
      const [left, right] = [document.nodes[from.node], document.nodes[to.node]];
      expect(left?.position.x).toBeLessThan(right?.position.x ?? 0);
    }
    for (const [id, { position, type }] of nodes) {
      // An output is a tag of 24 pixels; anything else has a title, a value or picture, and facts.
      const height = type.startsWith("output-") ? 56 : 168;
      const below = nodes.filter(
        ([other, node]) =>
          other !== id && node.position.x === position.x && node.position.y >= position.y,
      );
      for (const [, node] of below)
        expect(node.position.y - position.y).toBeGreaterThanOrEqual(height);
    }
  });
});
