import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { Fatal } from "../fatal.ts";
import { readLocalKey } from "../local-key.ts";
import { isRoot } from "./is-root.ts";
import { writePrivate } from "./write-private.ts";

/** Layout of the data folder that this code writes; raised when an older Heddle could not read it. */
const folderVersion = 1;

const folderSchema = z.object({
  version: z.number().int(),
  /** Names what this folder owns outside of itself; survives a move of the folder. */
  id: z.string().regex(/^[0-9a-f]{16}$/),
});

const secretsSchema = z.object({
  secret: z.string().min(16),
  runnerToken: z.string().min(16),
  databasePassword: z.string().min(16),
});

export interface DataFolder {
  readonly path: string;
  readonly id: string;
  readonly secret: string;
  readonly runnerToken: string;
  readonly databasePassword: string;
  /** Makes the command line on this machine the owner. */
  readonly localKey: string;
  readonly logs: string;
  readonly blobs: string;
}

/** Makes the data folder unless it is there. */
export function makeDataFolder(folder: string): void {
  try {
    // Root's database runs as another user, who must get through to his own folder.
    makeFolders(folder, isRoot() ? 0o711 : 0o700);
    const isNew = !existsSync(path.join(folder, "folder.json"));
    if (isNew && isRoot()) chmodSync(folder, statSync(folder).mode | 0o111);
  } catch (error) {
    throw explain(error, folder);
  }
}

/** Not `recursive`: Node 20 never comes back from that where a file system answers ENOENT, as /proc does. */
function makeFolders(folder: string, mode: number): void {
  if (existsSync(folder) && statSync(folder).isDirectory()) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolders(parent, mode);
  mkdirSync(folder, { mode });
}

/**
 * Opens the data folder; the caller holds its lock. Secrets are made once and readable by their owner only.
 *
 * @throws Fatal when it cannot be written, is damaged, or was made by a newer Heddle.
 */
export function openDataFolder(folder: string): DataFolder {
  try {
    const { id } = once(path.join(folder, "folder.json"), folderSchema, () => ({
      version: folderVersion,
      id: randomBytes(8).toString("hex"),
    }));
    const secrets = once(path.join(folder, "secrets.json"), secretsSchema, () => ({
      secret: randomBytes(32).toString("base64url"),
      runnerToken: randomBytes(32).toString("base64url"),
      databasePassword: randomBytes(24).toString("base64url"),
    }));
    const logs = path.join(folder, "logs");
    const blobs = path.join(folder, "blobs");
    mkdirSync(logs, { recursive: true, mode: 0o700 });
    mkdirSync(blobs, { recursive: true, mode: 0o700 });
    return { path: folder, id, ...secrets, localKey: localKeyOf(folder), logs, blobs };
  } catch (error) {
    throw explain(error, folder);
  }
}

function localKeyOf(folder: string): string {
  const found = readLocalKey(folder);
  if (found !== null) return found;
  const made = `hdl_local_${randomBytes(32).toString("hex")}`;
  writePrivate(path.join(folder, "local-key"), `${made}\n`);
  return made;
}

/** Reads a JSON file of the folder, or makes it. */
function once<T extends object>(file: string, schema: z.ZodType<T>, make: () => T): T {
  if (!existsSync(file)) {
    const made = make();
    writePrivate(file, `${JSON.stringify(made, null, 2)}\n`);
    return made;
  }
  const parsed = schema.safeParse(readJson(file));
  if (!parsed.success) throw new Fatal(`${file} is damaged: ${z.prettifyError(parsed.error)}`);
  if ("version" in parsed.data && Number(parsed.data.version) > folderVersion) {
    throw new Fatal(
      `the data folder ${path.dirname(file)} was made by a newer Heddle (version ${parsed.data.version}, this one knows ${folderVersion}); update Heddle, or set HEDDLE_DATA_DIR to another folder`,
    );
  }
  return parsed.data;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Says what a failed write means for the person who started Heddle; anything else is handed back. */
export function explain(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || !("code" in error)) return error;
  switch (error.code) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOENT":
      return new Fatal(
        `no permission to write to the data folder ${folder}; set HEDDLE_DATA_DIR to a folder of yours`,
      );
    case "ENOTDIR":
    case "EEXIST":
      return new Fatal(`${folder} is not a folder; set HEDDLE_DATA_DIR to another one`);
    case "ENOSPC":
      return new Fatal(`no space left for the data folder ${folder}`);
    default:
      return error;
  }
}
