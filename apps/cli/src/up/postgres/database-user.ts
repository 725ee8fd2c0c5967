import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { Fatal } from "../../fatal.ts";
import { isRoot } from "../is-root.ts";

/** Whom the database runs as; null: whoever runs this process. */
export type DatabaseUser = { readonly uid: number; readonly gid: number } | null;

/**
 * PostgreSQL refuses to run as root, so root hands it to the owner of an existing cluster, else to the user `postgres`,
 * made when the system has none.
 */
export function databaseUser(cluster: string): DatabaseUser {
  if (!isRoot()) return null;
  if (existsSync(cluster)) {
    const { uid, gid } = statSync(cluster);
    if (uid !== 0) return { uid, gid };
  }
  return findUser("postgres") ?? makeUser();
}

function makeUser(): NonNullable<DatabaseUser> {
  const useradd = [
    "--system",
    "--user-group",
    "--no-create-home",
    "--shell",
    "/bin/false",
    "postgres",
  ];
  // Debian, Fedora, Arch have useradd; Alpine has BusyBox's adduser.
  const made =
    spawnSync("useradd", useradd).status === 0 ||
    spawnSync("adduser", ["-S", "-D", "-H", "-s", "/bin/false", "postgres"]).status === 0;
  const user = made ? findUser("postgres") : null;
  if (user === null) {
    throw new Fatal(
      "PostgreSQL does not run as root, and no user `postgres` could be made for it; make one, start Heddle as another user, or set DATABASE_URL",
    );
  }
  return user;
}

function findUser(name: string): DatabaseUser {
  const uid = spawnSync("id", ["-u", name], { encoding: "utf8" });
  const gid = spawnSync("id", ["-g", name], { encoding: "utf8" });
  if (uid.status !== 0 || gid.status !== 0) return null;
  return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
}
