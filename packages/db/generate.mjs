// Makes `src/generated` from `prisma/`: the Prisma client, and the migrations as a module, so that a bundled app
// carries them. Works offline, on a fresh clone, and when npm ran no post-install script.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const prisma = join(here, "../../prisma");
const generated = join(here, "src/generated");

generateClient();
generateMigrations();

function generateClient() {
  const manifest = createRequire(import.meta.url).resolve("prisma/package.json");
  const cli = join(dirname(manifest), JSON.parse(readFileSync(manifest, "utf8")).bin.prisma);
  const result = spawnSync(
    process.execPath,
    [cli, "generate", "--schema", join(prisma, "schema.prisma")],
    {
      cwd: here,
      encoding: "utf8",
      env: {
        ...process.env,
        // `generate` insists on a schema engine, which it would download, and never runs it: any executable does.
        PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
        PRISMA_HIDE_UPDATE_MESSAGE: "1",
        CHECKPOINT_DISABLE: "1",
      },
    },
  );
  if (result.status !== 0) {
    process.stderr.write(`${result.stdout ?? ""}${result.stderr ?? ""}${result.error ?? ""}\n`);
    process.exit(1);
  }
}

function generateMigrations() {
  const folders = readdirSync(join(prisma, "migrations"), { withFileTypes: true });
  const names = folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const migrations = names.sort().map((name) => {
    const sql = readFileSync(join(prisma, "migrations", name, "migration.sql"), "utf8");
    return { name, checksum: createHash("sha256").update(sql).digest("hex"), sql };
  });
  mkdirSync(generated, { recursive: true });
  writeFileSync(
    join(generated, "migrations.ts"),
    `// Made by generate.mjs from prisma/migrations.\nexport const migrations = ${JSON.stringify(migrations, null, 2)} as const;\n`,
  );
}
