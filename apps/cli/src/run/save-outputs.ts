import { createHash } from "node:crypto";
import { createWriteStream, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Client, OutputItem, Run } from "@heddle/client";
import { Fatal } from "../fatal.ts";

/** One value of an output as `heddle run --json` prints it; `file` is where it was saved. */
export interface SavedItem {
  readonly media: OutputItem["media"];
  readonly url: string | null;
  readonly file: string | null;
  readonly contentType: string | null;
  /** pixels */
  readonly width: number | null;
  readonly height: number | null;
  readonly sha256: string | null;
  readonly text: string | null;
}

const endings: Readonly<Record<string, string>> = {
  "image/png": "png",
  "image/jpeg": "jpg",
  "image/webp": "webp",
  "image/gif": "gif",
  "image/avif": "avif",
  "video/mp4": "mp4",
  "video/webm": "webm",
};

/** The outputs of a run, downloaded into `folder` unless that is undefined; every download is checked by its hash. */
export async function saveOutputs(
  client: Client,
  run: Run,
  folder: string | undefined,
): Promise<Record<string, SavedItem[]>> {
  if (folder !== undefined) makeFolder(folder);
  const saved: [string, SavedItem[]][] = [];
  for (const [name, items] of Object.entries(run.outputs)) {
    const of: SavedItem[] = [];
    for (const [index, item] of items.entries()) {
      const file =
        folder && path.join(folder, fileName(name, item, items.length > 1 ? index + 1 : null));
      if (file) await save(client, item, file);
      of.push(toSavedItem(item, file ?? null));
    }
    saved.push([name, of]);
  }
  return Object.fromEntries(saved);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Fatal(`--out ${folder}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Names of outputs hold letters, digits and `_` only, so they are names of files as they are. */
function fileName(name: string, item: OutputItem, number: number | null): string {
  const ending = item.contentType === undefined ? "txt" : (endings[item.contentType] ?? "bin");
  const plain = name.replaceAll(/[^\w-]/g, "_");
  return number === null ? `${plain}.${ending}` : `${plain}-${number}.${ending}`;
}

async function save(client: Client, item: OutputItem, file: string): Promise<void> {
  if (item.url === undefined) return writeFileSync(file, `${textOf(item) ?? ""}\n`);
  const response = await client.download(item.url);
  if (response.body === null) throw new Fatal(`${item.url} has no bytes`);
  const hash = createHash("sha256");
  const bytes = Readable.from(hashing(response.body, hash));
  await pipeline(bytes, createWriteStream(file));
  const found = hash.digest("hex");
  if (item.sha256 !== undefined && found !== item.sha256) {
    throw new Fatal(`${file} did not arrive whole: its hash is ${found}, not ${item.sha256}`);
  }
}

async function* hashing(
  body: ReadableStream<Uint8Array>,
  hash: { update(chunk: Uint8Array): unknown },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
}

function toSavedItem(item: OutputItem, file: string | null): SavedItem {
  return {
    media: item.media,
    url: item.url ?? null,
    file,
    contentType: item.contentType ?? null,
    width: item.width ?? null,
    height: item.height ?? null,
    sha256: item.sha256 ?? null,
    text: textOf(item),
  };
}

function textOf({ text, number }: OutputItem): string | null {
  return text ?? (number === undefined ? null : String(number));
}
