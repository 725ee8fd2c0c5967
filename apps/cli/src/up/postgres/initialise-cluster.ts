import { spawnSync } from "node:child_process";
import {
  chownSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Fatal } from "../../fatal.ts";
import type { DatabasePlace } from "./place-database.ts";

/** The database's only login; everything in it belongs to Heddle. */
export const databaseLogin = "heddle";

/** PostgreSQL 18: a newer or older major version cannot read the files. */
const majorVersion = "18";

/** Makes the cluster on the first start; whole or not at all, so that a crash leaves nothing half made. */
export function initialiseCluster(place: DatabasePlace, password: string): void {
  if (existsSync(path.join(place.cluster, "PG_VERSION"))) return checkVersion(place.cluster);
  const incoming = `${place.cluster}.new`;
  rmSync(incoming, { recursive: true, force: true });
  const passwordFolder = mkdtempSync(path.join(tmpdir(), "heddle-"));
  const passwordFile = path.join(passwordFolder, "password");
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (place.user !== null) {
      chownSync(passwordFile, place.user.uid, place.user.gid);
      chownSync(passwordFolder, place.user.uid, place.user.gid);
    }
    initdb(place, ["--pgdata", incoming, "--pwfile", passwordFile]);
  } finally {
    rmSync(passwordFolder, { recursive: true, force: true });
  }
  renameSync(incoming, place.cluster);
}

function initdb(place: DatabasePlace, args: readonly string[]): void {
  const done = spawnSync(
    path.join(place.binaries, "bin", "initdb"),
    [
      ...args,
      `--username=${databaseLogin}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      // Sorting that is the same on every machine, with no need for the system's locales.
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-instructions",
    ],
    { ...place.user, cwd: "/", env: postgresEnv, encoding: "utf8" },
  );
  if (done.status === 0) return;
  const reason = done.error?.message ?? lastLine(done.stderr);
  throw new Fatal(`the database could not be made in ${place.cluster}: ${reason}`);
}

/** Nothing of the caller's environment (PGDATA, PGPORT, LD_PRELOAD, …) reaches the database. */
export const postgresEnv = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

export function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

function checkVersion(cluster: string): void {
  const found = readFileSync(path.join(cluster, "PG_VERSION"), "utf8").trim();
  if (found === majorVersion) return;
  throw new Fatal(
    `the database in ${cluster} was made by PostgreSQL ${found}, and this Heddle has ${majorVersion}; use the Heddle that made it, or set HEDDLE_DATA_DIR to another folder`,
  );
}
