import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { isIP } from "node:net";
import { AppError } from "@heddle/core";
import { Agent, fetch, type Response } from "undici";
import { isPublicAddress } from "./is-public-address.ts";

export interface SafeFetchOptions {
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Only by an explicit setting: also loopback and private addresses, and any port. */
  readonly allowPrivate?: boolean;
}

export interface FetchedFile {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

const allowedPorts = new Set(["", "80", "443", "8080", "8443"]);
const maxRedirects = 5;

/**
 * Fetches a file that a person named by URL without becoming their way into our network: only http(s), only public
 * addresses (checked as literals and again at connect, so a name that changes its mind is caught), few ports, redirects
 * followed by hand, bytes and time capped. Throws AppError `invalid` with a message that names the URL and the reason.
 */
export async function safeFetch(url: string, options: SafeFetchOptions): Promise<FetchedFile> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  const dispatcher =
    options.allowPrivate === true ? new Agent() : new Agent({ connect: { lookup: lookupPublic } });
  try {
    const response = await followRedirects(url, options, { signal, dispatcher });
    const bytes = await readCapped(response, url, options.maxBytes);
    return {
      bytes,
      contentType: response.headers.get("content-type") ?? "application/octet-stream",
    };
  } catch (error) {
    const expected = [error, error instanceof Error ? error.cause : undefined].find((one) =>
      AppError.is(one),
    );
    throw (
      expected ??
      new AppError(
        "invalid",
        `Cannot fetch ${url}: ${reasonOf(error, signal, options.timeoutMs)}`,
        { cause: error },
      )
    );
  } finally {
    await dispatcher.destroy();
  }
}

async function followRedirects(
  first: string,
  options: SafeFetchOptions,
  init: { signal: AbortSignal; dispatcher: Agent },
): Promise<Response> {
  let url = checkUrl(first, options);
  for (let hop = 0; hop <= maxRedirects; hop += 1) {
    const response = await fetch(url, { ...init, redirect: "manual" });
    const location = response.headers.get("location");
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      url = checkUrl(new URL(location, url).href, options);
      continue;
    }
    if (!response.ok)
      throw new AppError(
        "invalid",
        `Cannot fetch ${first}: the server answered ${response.status}`,
      );
    return response;
  }
  throw new AppError("invalid", `Cannot fetch ${first}: more than ${maxRedirects} redirects`);
}

function checkUrl(text: string, options: SafeFetchOptions): URL {
  if (!URL.canParse(text)) throw new AppError("invalid", `Cannot fetch ${text}: not a URL`);
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new AppError("invalid", `Cannot fetch ${text}: only http and https URLs are fetched`);
  }
  if (options.allowPrivate === true) return url;
  if (!allowedPorts.has(url.port))
    throw new AppError("invalid", `Cannot fetch ${text}: port ${url.port} is not allowed`);
  // A literal never goes through `lookup`, so it is checked here, after the URL parser has normalised 0x7f.1 and the like.
  const literal = url.hostname.replace(/^\[|\]$/g, "");
  if (isIP(literal) !== 0 && !isPublicAddress(literal))
    throw new AppError("invalid", privateMessage(text));
  return url;
}

function privateMessage(url: string): string {
  return `Cannot fetch ${url}: it is not a public address`;
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

function lookupPublic(hostname: string, options: LookupOptions, callback: LookupCallback): void {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error !== null) return callback(error, []);
    if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(new AppError("invalid", privateMessage(hostname)), []);
    }
    const first = addresses[0];
    if (options.all === true || first === undefined) return callback(null, addresses);
    return callback(null, first.address, first.family);
  });
}

async function readCapped(response: Response, url: string, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) {
      throw new AppError(
        "too_large",
        `The file at ${url} is larger than the limit of ${maxBytes} bytes`,
      );
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, sizeBytes);
}

function reasonOf(error: unknown, signal: AbortSignal, timeoutMs: number): string {
  if (signal.aborted) return `no answer within ${timeoutMs / 1000} seconds`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : "the request failed";
}
