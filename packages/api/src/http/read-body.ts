import { AppError, type Limits } from "@heddle/core";
import { isDeeperThan } from "./json-depth.ts";

/**
 * Reads a body and stops as soon as it is too long, whatever `Content-Length` says. Throws AppError `too_large`, with
 * `limit` as the name of what it enforces.
 */
export async function readBytes(
  request: Request,
  maxBytes: number,
  limit?: keyof Limits,
): Promise<Uint8Array<ArrayBuffer>> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes, limit);
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes, limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}

export interface JsonLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
}

/** Reads a JSON body. Throws AppError as `readJsonBytes` does, and `bad_request` when it is not JSON. */
export async function readJson(request: Request, limits: JsonLimits): Promise<unknown> {
  const bytes = await readJsonBytes(request, limits);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    const reason = error instanceof Error ? error.message : "unreadable";
    throw new AppError("bad_request", `The body is not JSON: ${reason}`, { cause: error });
  }
}

/**
 * Reads a body that is declared as JSON, without parsing it. Throws AppError `unsupported_media` for another content type,
 * `too_large`, and `invalid` when it nests too deep.
 */
export async function readJsonBytes(
  request: Request,
  limits: JsonLimits,
): Promise<Uint8Array<ArrayBuffer>> {
  requireContentType(request, "application/json");
  const bytes = await readBytes(request, limits.maxBytes);
  if (isDeeperThan(bytes, limits.maxDepth)) {
    throw new AppError(
      "invalid",
      `The JSON nests deeper than ${limits.maxDepth} levels (limit jsonDepth)`,
    );
  }
  return bytes;
}

/** Throws AppError `unsupported_media` unless the body is declared as `contentType`. */
function requireContentType(request: Request, contentType: string): void {
  const given = contentTypeOf(request);
  if (given === contentType) return;
  throw new AppError(
    "unsupported_media",
    `The body must be ${contentType}, but its Content-Type is ${given === "" ? "missing" : given}`,
  );
}

/** Lower case, without parameters; empty when it is missing. */
export function contentTypeOf(request: Request): string {
  return (request.headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase() ?? "";
}

function tooLarge(maxBytes: number, limit?: keyof Limits): AppError {
  const name = limit === undefined ? "" : ` (limit ${limit})`;
  return new AppError("too_large", `The body is larger than ${maxBytes} bytes${name}`);
}
