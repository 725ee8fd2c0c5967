import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AppError } from "@heddle/core";
import {
  forgetFile,
  noteRunnerFile,
  runnerMayCheckpoint,
  runnerMayRead,
  runnerMayWrite,
  type Database,
} from "@heddle/db";
import { readByteRange, type BlobStore, type CheckpointStore, type Log } from "@heddle/infra";
import type { FileExchange, FileRoute } from "./http/route.ts";

export interface FileRoutesOptions {
  readonly database: Database;
  /** Absent: this server's runners have the stores themselves. */
  readonly blobs?: BlobStore | undefined;
  readonly checkpoints?: CheckpointStore | undefined;
  /** Bytes of one file that a runner sends at most; default 2 GiB. */
  readonly fileLimitBytes?: number | undefined;
  readonly log: Log;
}

const defaultFileLimitBytes = 2 * 2 ** 30;
/** A checkpoint is held in memory while it is written. */
const checkpointLimitBytes = 256 * 2 ** 20;

/** One answer for what is not there and for what is none of the runner's business: nobody learns what exists. */
const noFile = new AppError("not_found", "No task that is held with this token has such a file");

/** The stores of the server for runners that have none of their own: no more than the tasks need that they hold. */
export function createFileRoutes(options: FileRoutesOptions): readonly FileRoute[] {
  return [
    { prefix: "/runner/v1/blobs/", handle: (exchange) => handleBlob(options, exchange) },
    {
      prefix: "/runner/v1/checkpoints/",
      handle: (exchange) => handleCheckpoint(options, exchange),
    },
  ];
}

async function handleBlob(options: FileRoutesOptions, exchange: FileExchange): Promise<void> {
  const { request, rest: sha256, identity } = exchange;
  const blobs = storeOf(options.blobs);
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw noFile;
  switch (request.method ?? "") {
    case "GET":
    case "HEAD":
      if (!(await runnerMayRead(options.database, { ...identity, sha256 }))) throw noFile;
      return readBlob(options, blobs, exchange);
    case "PUT":
      if (!(await runnerMayWrite(options.database, identity.tokenId))) throw noFile;
      return writeBlob(options, blobs, exchange);
    default:
      throw new AppError("method_not_allowed", "A blob takes GET, HEAD and PUT");
  }
}

async function readBlob(
  { database, log }: FileRoutesOptions,
  blobs: BlobStore,
  { request, response, rest: sha256 }: FileExchange,
): Promise<void> {
  try {
    const facts = await blobs.head(sha256);
    if (facts === null) {
      await forgetFile(database, sha256);
      throw noFile;
    }
    const { sizeBytes, putAt } = facts;
    const range = readByteRange(request.headers.range ?? null, sizeBytes);
    response.setHeader("last-modified", putAt.toUTCString());
    response.setHeader("accept-ranges", "bytes");
    if (range === "unsatisfiable") {
      response.writeHead(416, { "content-range": `bytes */${sizeBytes}` }).end();
      return;
    }
    const { start, end } = range ?? { start: 0, end: sizeBytes - 1 };
    if (range !== null) response.setHeader("content-range", `bytes ${start}-${end}/${sizeBytes}`);
    response.writeHead(range === null ? 200 : 206, {
      "content-type": "application/octet-stream",
      "content-length": end - start + 1,
    });
    if (request.method === "HEAD" || sizeBytes === 0) return void response.end();
    await pipeline(await blobs.stream(sha256, range ?? undefined), response);
  } catch (error) {
    // What is damaged breaks off before its end; what led to it is computed anew the next time.
    if (error instanceof Error && error.name === "BlobCorrupt") await forgetFile(database, sha256);
    if (!response.headersSent) throw asAnswer(error);
    log.warn({ err: error, sha256 }, "a file could not be sent to a runner");
    response.destroy();
  }
}

async function writeBlob(
  { database, fileLimitBytes = defaultFileLimitBytes }: FileRoutesOptions,
  blobs: BlobStore,
  { request, response, rest: sha256, identity: { tokenId, workspaceId } }: FileExchange,
): Promise<void> {
  refuseLarge(request, fileLimitBytes);
  try {
    await blobs.put(named(request, sha256), { maxBytes: fileLimitBytes });
  } catch (error) {
    throw error instanceof Error && error.name === "BlobTooLarge"
      ? tooLarge(fileLimitBytes)
      : asAnswer(error);
  }
  if (tokenId !== null && workspaceId !== null) await noteRunnerFile(database, { tokenId, sha256 });
  noContent(response);
}

/** The chunks as they come. Throws at their end, before they are stored, when they are not what they are called. */
async function* named(
  chunks: AsyncIterable<Uint8Array>,
  sha256: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
  if (hash.digest("hex") !== sha256)
    throw new AppError("bad_request", `The bytes do not have the SHA-256 ${sha256}`);
}

async function handleCheckpoint(
  { database, checkpoints: store }: FileRoutesOptions,
  { request, response, rest, identity }: FileExchange,
): Promise<void> {
  const checkpoints = storeOf(store);
  const [workspaceId = "", cacheKey = ""] = rest.split("/");
  const held = { tokenId: identity.tokenId, workspaceId, cacheKey };
  if (!(await runnerMayCheckpoint(database, held))) throw noFile;
  const key = `${workspaceId}/${cacheKey}`;
  switch (request.method ?? "") {
    case "GET": {
      const state = await checkpoints.read(key);
      if (state === null) throw noFile;
      response.writeHead(200, {
        "content-type": "application/octet-stream",
        "content-length": state.byteLength,
      });
      return void response.end(state);
    }
    case "PUT":
      await checkpoints.write(key, await readAll(request));
      return noContent(response);
    case "DELETE":
      await checkpoints.remove(key);
      return noContent(response);
    default:
      throw new AppError("method_not_allowed", "A checkpoint takes GET, PUT and DELETE");
  }
}

async function readAll(request: IncomingMessage): Promise<Uint8Array> {
  refuseLarge(request, checkpointLimitBytes);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    sizeBytes += bytes.byteLength;
    if (sizeBytes > checkpointLimitBytes) throw tooLarge(checkpointLimitBytes);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function storeOf<Store>(store: Store | undefined): Store {
  if (store !== undefined) return store;
  throw new AppError("unavailable", "This server keeps no files: start it with BLOB_URL");
}

/** Before a byte of it is read. */
function refuseLarge({ headers }: IncomingMessage, limitBytes: number): void {
  if (Number(headers["content-length"] ?? 0) > limitBytes) throw tooLarge(limitBytes);
}

function tooLarge(limitBytes: number): AppError {
  return new AppError(
    "too_large",
    `The file is larger than the ${limitBytes / 2 ** 20} MiB that a runner may send (RUNNER_FILE_LIMIT_MB)`,
  );
}

/** By name: `instanceof` fails across bundles. */
function asAnswer(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === "BlobMissing") return noFile;
  return error.name.startsWith("BlobStore")
    ? new AppError("unavailable", error.message, { cause: error })
    : error;
}

function noContent(response: ServerResponse): void {
  response.writeHead(204).end();
}
