import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { z } from "zod";
import { Fatal } from "../../fatal.ts";
import { writePrivate } from "../write-private.ts";
import type { Binaries } from "./find-binaries.ts";
import { databaseUser, type DatabaseUser } from "./database-user.ts";

/** Where root's database lies when its user cannot get into the data folder or the checkout. */
const outside = "/var/lib/heddle";

const placeSchema = z.object({ cluster: z.string(), port: z.number().int() });

export interface DatabasePlace {
  /** PostgreSQL's data directory; its parent belongs to `user` too. */
  readonly cluster: string;
  /** `bin`, `lib` and `share`, where `user` can run them. */
  readonly binaries: string;
  readonly user: DatabaseUser;
  /** The port of the last time, when there was one. */
  readonly lastPort: number | null;
}

interface PlaceRequest {
  readonly dataFolder: string;
  /** Names the folder outside; see `DataFolder.id`. */
  readonly id: string;
  readonly binaries: Binaries;
  readonly say: (line: string) => void;
}

/** Finds, or chooses on the first start, where the database and its programs lie and who runs them. */
export function placeDatabase({ dataFolder, id, binaries, say }: PlaceRequest): DatabasePlace {
  const last = readPlace(dataFolder);
  const inside = path.join(dataFolder, "database", "cluster");
  let cluster = last?.cluster ?? inside;
  if (last !== null && !path.isAbsolute(cluster)) cluster = path.join(dataFolder, cluster);
  if (last !== null && !existsSync(cluster)) {
    throw new Fatal(
      `the database of ${dataFolder} should lie in ${cluster}, but is gone; put it back, or delete ${placeFile(dataFolder)} to begin with an empty one`,
    );
  }
  const user = databaseUser(cluster);
  if (user !== null && !mayWrite(path.dirname(cluster), user)) {
    if (last !== null) throw new Fatal(`the user of the database cannot reach ${cluster} any more`);
    removeEmpty(path.dirname(cluster));
    cluster = path.join(outside, id, "cluster");
    if (!mayWrite(path.dirname(cluster), user))
      throw new Fatal(`no place for the database: ${outside} cannot be used`);
    // For whoever finds the folder there one day.
    writeFileSync(path.join(path.dirname(cluster), "data-folder.txt"), `${dataFolder}\n`);
    say(`the database lies in ${path.dirname(cluster)}: its user cannot get into ${dataFolder}`);
  }
  if (user === null) mkdirSync(path.dirname(cluster), { recursive: true, mode: 0o700 });
  return {
    cluster,
    binaries:
      user === null || mayRun(binaries.folder, user)
        ? binaries.folder
        : copyBinaries(binaries, user),
    user,
    lastPort: last?.port ?? null,
  };
}

/** Remembers the place for the next start; relative where it lies inside, so that the data folder can be moved. */
export function rememberPlace(dataFolder: string, cluster: string, port: number): void {
  const relative = path.relative(dataFolder, cluster);
  const kept = relative.startsWith("..") ? cluster : relative;
  writePrivate(placeFile(dataFolder), `${JSON.stringify({ cluster: kept, port })}\n`);
}

function placeFile(dataFolder: string): string {
  return path.join(dataFolder, "database.json");
}

function readPlace(dataFolder: string): z.infer<typeof placeSchema> | null {
  const file = placeFile(dataFolder);
  if (!existsSync(file)) return null;
  try {
    return placeSchema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new Fatal(
      `${file} is damaged; it should hold {"cluster": "database/cluster", "port": 5432}`,
    );
  }
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Not there or not empty: left as it is.
  }
}

/** Makes the folder for this user, and sees by trying whether the user gets there: modes alone do not tell. */
function mayWrite(folder: string, user: NonNullable<DatabaseUser>): boolean {
  try {
    mkdirSync(path.dirname(folder), { recursive: true, mode: 0o711 });
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chownSync(folder, user.uid, user.gid);
  } catch {
    return false;
  }
  const tried = spawnSync("/bin/sh", ["-c", 'cd "$1" && : > .try && rm .try', "sh", folder], {
    ...user,
    cwd: "/",
  });
  return tried.status === 0;
}

function mayRun(binaries: string, user: NonNullable<DatabaseUser>): boolean {
  const tried = spawnSync(path.join(binaries, "bin", "postgres"), ["--version"], {
    ...user,
    cwd: "/",
  });
  return tried.status === 0;
}

/** Copies the programs to where the user can run them: once per version. */
function copyBinaries(binaries: Binaries, user: NonNullable<DatabaseUser>): string {
  const copy = path.join(outside, `postgres-${binaries.version}`);
  if (existsSync(copy)) return copy;
  const incoming = `${copy}.${process.pid}.new`;
  mkdirSync(outside, { recursive: true, mode: 0o755 });
  cpSync(binaries.folder, incoming, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (source) => !source.endsWith(".a") && !source.endsWith("/pgxs"),
  });
  makeReadable(incoming);
  if (!mayRun(incoming, user)) {
    rmSync(incoming, { recursive: true, force: true });
    throw new Fatal(`the user of the database cannot run PostgreSQL from ${outside}`);
  }
  renameUnlessThere(incoming, copy);
  return copy;
}

function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    // Two first starts at once: the other one's copy is as good.
    if (!existsSync(to)) throw error;
    rmSync(from, { recursive: true, force: true });
  }
}

/** The modes of the installed files follow the umask of whoever installed them. */
function makeReadable(at: string): void {
  const { mode } = lstatSync(at);
  const isFolder = lstatSync(at).isDirectory();
  if (lstatSync(at).isSymbolicLink()) return;
  chmodSync(at, isFolder || (mode & 0o100) !== 0 ? 0o755 : 0o644);
  if (isFolder) for (const name of readdirSync(at)) makeReadable(path.join(at, name));
}
