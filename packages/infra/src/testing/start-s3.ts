import type { Server } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { S3Credentials } from "../blobs/s3-bucket.ts";

/** What is used of it; the package declares no types. */
interface S3Server {
  readonly httpServer: Server;
  run(): Promise<AddressInfo>;
  close(): Promise<void>;
}
interface S3ServerOptions {
  readonly address: string;
  /** 0: any free one. */
  readonly port: number;
  readonly silent: boolean;
  readonly directory: string;
  readonly configureBuckets: readonly { readonly name: string }[];
}
const require = createRequire(import.meta.url);
const S3rver: new (options: S3ServerOptions) => S3Server = require("@20minutes/s3rver");

/** The one account that the server knows. */
export const s3Credentials: S3Credentials = { accessKeyId: "S3RVER", secretAccessKey: "S3RVER" };

export interface TestS3 {
  /** `http://127.0.0.1:…` */
  readonly endpoint: string;
  /** `BLOB_URL` of a bucket that is there. */
  readonly url: string;
  /** Where the server keeps an object of that bucket. */
  pathOf(key: string): string;
  close(): Promise<void>;
}

const bucket = "heddle-test";

/** A server that speaks S3 over HTTP, checks signatures, and keeps its objects in a folder. */
export async function startS3(): Promise<TestS3> {
  const directory = await mkdtemp(join(tmpdir(), "heddle-s3-"));
  const server = new S3rver({
    address: "127.0.0.1",
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket }],
  });
  const { port } = await server.run();
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    url: `s3://${bucket}/some/prefix?endpoint=${endpoint}&region=eu-central-1`,
    pathOf: (key) => join(directory, bucket, "some/prefix", `${key}._S3rver_object`),
    close: async () => {
      server.httpServer.closeAllConnections();
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
