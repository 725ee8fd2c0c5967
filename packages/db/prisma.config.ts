import { defineConfig } from "prisma/config";

/** For Prisma's own commands, run in this folder; the platform migrates by itself (`src/migrate.ts`). */
export default defineConfig({
  schema: "../../prisma/schema.prisma",
  migrations: { path: "../../prisma/migrations" },
  datasource: { url: process.env["DATABASE_URL"] ?? "" },
});
