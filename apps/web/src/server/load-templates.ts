import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Template } from "@heddle/api";
import {
  artifactRefSchema,
  parseDocument,
  sha256Hex,
  type ArtifactRef,
  type Document,
} from "@heddle/core";
import type { Log } from "@heddle/infra";

const ending = ".heddle.json";
const resultEnding = ".webp";

/** What the gallery shows first; the others follow by name. */
const first = [
  "prompt-to-picture",
  "one-scene-every-style",
  "style-lora",
  "sketch-to-painting",
  "add-a-balloon",
  "train-lora",
  "upscale-4x",
].map((slug) => `${slug}${ending}`);

export interface LoadedTemplates {
  readonly templates: readonly Template[];
  /** Files to be stored: what the documents name, and what they made. */
  readonly pictures: readonly string[];
}

/**
 * Reads the workflows that come with Heddle: `<slug>.heddle.json`, the `pictures/` that they name, and `results/<slug>.webp`,
 * what each makes. One that cannot be read is left out and said so.
 */
export async function loadTemplates(directory: string, log: Log): Promise<LoadedTemplates> {
  const found = (await list(directory)).filter((name) => name.endsWith(ending));
  const names = [
    ...first.filter((name) => found.includes(name)),
    ...found.filter((name) => !first.includes(name)),
  ];
  const pictures = await list(path.join(directory, "pictures"));
  const results = await list(path.join(directory, "results"));
  const templates = await Promise.all(
    names.map((name) => load(directory, path.basename(name, ending), log)),
  );
  return {
    templates: templates.flatMap((template) => (template === null ? [] : [template])),
    pictures: [
      ...pictures.map((name) => path.join(directory, "pictures", name)),
      ...results.map((name) => path.join(directory, "results", name)),
    ],
  };
}

async function load(directory: string, slug: string, log: Log): Promise<Template | null> {
  const file = path.join(directory, `${slug}${ending}`);
  try {
    const parsed = parseDocument(JSON.parse(await readFile(file, "utf8")));
    if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
    const { document } = parsed;
    const picture = (await readResult(directory, slug)) ?? firstPicture(document);
    return { slug, document, picture };
  } catch (error) {
    log.warn({ err: error, file }, "a template cannot be read");
    return null;
  }
}

async function readResult(directory: string, slug: string): Promise<ArtifactRef | null> {
  const file = path.join(directory, "results", `${slug}${resultEnding}`);
  const bytes = await readFile(file).catch(() => null);
  if (bytes === null) return null;
  return { sha256: sha256Hex(bytes), contentType: "image/webp", sizeBytes: bytes.byteLength };
}

/** The first picture that the document names stands for one that has no result. */
function firstPicture(document: Document): ArtifactRef | null {
  for (const { params } of Object.values(document.nodes)) {
    for (const value of Object.values(params).flat()) {
      const ref = artifactRefSchema.safeParse(value);
      if (ref.success && ref.data.contentType.startsWith("image/")) return ref.data;
    }
  }
  return null;
}

async function list(directory: string): Promise<string[]> {
  const names: string[] = await readdir(directory).catch(() => []);
  return names.toSorted();
}
