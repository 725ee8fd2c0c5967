import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Template } from "@heddle/api";
import { artifactRefSchema, parseDocument, type ArtifactRef, type Document } from "@heddle/core";
import type { Log } from "@heddle/infra";

const ending = ".heddle.json";

export interface LoadedTemplates {
  readonly templates: readonly Template[];
  /** Files that the documents name, to be stored before they are run. */
  readonly pictures: readonly string[];
}

/** Reads the workflows that come with Heddle; one that cannot be read is left out and said so. */
export async function loadTemplates(directory: string, log: Log): Promise<LoadedTemplates> {
  const names = (await list(directory)).filter((name) => name.endsWith(ending)).toSorted();
  const pictures = (await list(path.join(directory, "pictures"))).toSorted();
  const templates = await Promise.all(names.map((name) => load(path.join(directory, name), log)));
  return {
    templates: templates.flatMap((template) => (template === null ? [] : [template])),
    pictures: pictures.map((name) => path.join(directory, "pictures", name)),
  };
}

async function load(file: string, log: Log): Promise<Template | null> {
  try {
    const parsed = parseDocument(JSON.parse(await readFile(file, "utf8")));
    if (!parsed.ok) throw new Error(parsed.problems[0]?.message);
    const { document } = parsed;
    return { slug: path.basename(file, ending), document, picture: firstPicture(document) };
  } catch (error) {
    log.warn({ err: error, file }, "a template cannot be read");
    return null;
  }
}

/** The first picture that the document names stands for it until it has made one. */
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
  try {
    return await readdir(directory);
  } catch {
    return [];
  }
}
