import type { NextConfig } from "next";

const config: NextConfig = {
  // Workspace packages export TypeScript sources.
  transpilePackages: [
    "@heddle/api",
    "@heddle/catalog",
    "@heddle/core",
    "@heddle/db",
    "@heddle/infra",
  ],
  // Native or worker-spawning packages: loaded by Node at run time, not bundled.
  serverExternalPackages: [
    "@prisma/adapter-pg",
    "@prisma/client",
    "bullmq",
    "ioredis",
    "pg",
    "pino",
    "sharp",
  ],
  reactStrictMode: true,
  poweredByHeader: false,
  devIndicators: false,
};

export default config;
