import { createHash } from "node:crypto";
import { AwsClient } from "aws4fetch";
import {
  BlobStoreFull,
  BlobStoreUnavailable,
  type BlobFacts,
  type ByteRange,
} from "./blob-store.ts";

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

export interface S3BucketOptions {
  readonly bucket: string;
  /** Before every key: `""` or `team/heddle/`. */
  readonly prefix: string;
  /** `https://minio.example.org`: the bucket is then part of the path. Absent: Amazon's, with the bucket in the name. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly credentials: S3Credentials;
}

export interface S3Object extends BlobFacts {
  /** Without the prefix of the bucket. */
  readonly key: string;
}

/** Bytes of one piece of a large object; S3 takes 5 MiB to 5 GiB, and 10,000 pieces: this holds for 80 GiB. */
export const pieceBytes = 8 * 2 ** 20;

/** Tries again on 429 and 5xx, with back-off from 100 ms. */
const retries = 4;
const firstRetryMs = 100;

/**
 * The few calls of S3 that a blob store needs, signed (Signature Version 4) by aws4fetch. Every body goes with its
 * SHA-256, which the server checks. Throws `BlobStoreUnavailable` or `BlobStoreFull`; 404 is null.
 */
export class S3Bucket {
  readonly #client: AwsClient;
  readonly #base: string;
  readonly #prefix: string;

  constructor({ bucket, prefix, endpoint, region, credentials }: S3BucketOptions) {
    this.#client = new AwsClient({
      accessKeyId: credentials.accessKeyId,
      secretAccessKey: credentials.secretAccessKey,
      ...(credentials.sessionToken === undefined ? {} : { sessionToken: credentials.sessionToken }),
      service: "s3",
      region,
      retries,
      initRetryMs: firstRetryMs,
    });
    this.#base =
      endpoint === undefined
        ? `https://${bucket}.s3.${region}.amazonaws.com`
        : `${endpoint.replace(/\/+$/, "")}/${bucket}`;
    this.#prefix = prefix;
  }

  async put(key: string, bytes: Uint8Array): Promise<void> {
    await this.#expect("PUT", this.#url(key), { bytes });
  }

  /** As pieces that become one object together, or nothing. */
  async putPieces(key: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
    const begun = await this.#expect("POST", this.#url(key, { uploads: "" }));
    const uploadId = elementOf(await begun.text(), "UploadId");
    try {
      const etags: string[] = [];
      for await (const bytes of pieces) {
        const piece = { partNumber: String(etags.length + 1), uploadId };
        const sent = await this.#expect("PUT", this.#url(key, piece), { bytes });
        etags.push(sent.headers.get("etag") ?? "");
      }
      const parts = etags.map(
        (etag, index) => `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
      );
      const list = `<CompleteMultipartUpload>${parts.join("")}</CompleteMultipartUpload>`;
      const ended = await this.#expect("POST", this.#url(key, { uploadId }), {
        bytes: Buffer.from(list),
      });
      // The headers are sent before the pieces are joined: an error may come with 200.
      const answer = await ended.text();
      if (answer.includes("<Error>")) throw refusal(ended.status, answer);
    } catch (error) {
      await this.#send("DELETE", this.#url(key, { uploadId })).catch(() => undefined);
      throw error;
    }
  }

  get(key: string, range?: ByteRange): Promise<Response | null> {
    const headers = range === undefined ? {} : { range: `bytes=${range.start}-${range.end}` };
    return this.#find("GET", this.#url(key), { headers });
  }

  async head(key: string): Promise<BlobFacts | null> {
    const found = await this.#find("HEAD", this.#url(key));
    if (found === null) return null;
    const { headers } = found;
    return {
      sizeBytes: Number(headers.get("content-length")),
      putAt: new Date(headers.get("last-modified") ?? 0),
    };
  }

  async delete(key: string): Promise<void> {
    await this.#find("DELETE", this.#url(key));
  }

  async *list(prefix: string): AsyncGenerator<S3Object> {
    let after: string | null = null;
    do {
      const query: Record<string, string> = {
        "list-type": "2",
        prefix: `${this.#prefix}${prefix}`,
      };
      if (after !== null) query["continuation-token"] = after;
      const page = await (await this.#expect("GET", this.#withQuery(this.#base, query))).text();
      for (const [, entry = ""] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        yield {
          key: elementOf(entry, "Key").slice(this.#prefix.length),
          sizeBytes: Number(elementOf(entry, "Size")),
          putAt: new Date(elementOf(entry, "LastModified")),
        };
      }
      after = page.includes("<NextContinuationToken>")
        ? elementOf(page, "NextContinuationToken")
        : null;
    } while (after !== null);
  }

  /** A link for a plain GET. */
  async presign(key: string, seconds: number): Promise<string> {
    const url = this.#url(key, { "X-Amz-Expires": String(seconds) });
    const signed = await this.#client.sign(url, { method: "GET", aws: { signQuery: true } });
    return signed.url;
  }

  #url(key: string, query: Readonly<Record<string, string>> = {}): string {
    return this.#withQuery(`${this.#base}/${this.#prefix}${key}`, query);
  }

  #withQuery(url: string, query: Readonly<Record<string, string>>): string {
    const words = new URLSearchParams(query).toString();
    return words === "" ? url : `${url}?${words}`;
  }

  async #expect(method: string, url: string, request: S3Request = {}): Promise<Response> {
    const response = await this.#send(method, url, request);
    if (!response.ok) throw refusal(response.status, await response.text());
    return response;
  }

  /** Null: there is no such object. */
  async #find(method: string, url: string, request: S3Request = {}): Promise<Response | null> {
    const response = await this.#send(method, url, request);
    if (response.ok) return response;
    const answer = await response.text();
    if (response.status === 404 && !answer.includes("NoSuchBucket")) return null;
    throw refusal(response.status, answer);
  }

  async #send(
    method: string,
    url: string,
    { bytes, headers = {} }: S3Request = {},
  ): Promise<Response> {
    const body = bytes === undefined ? {} : { body: new Uint8Array(bytes) };
    const sha256 = createHash("sha256")
      .update(bytes ?? "")
      .digest("hex");
    try {
      return await this.#client.fetch(url, {
        method,
        headers: { ...headers, "x-amz-content-sha256": sha256 },
        ...body,
      });
    } catch (error) {
      throw new BlobStoreUnavailable(`no answer from ${new URL(url).origin}`, error);
    }
  }
}

interface S3Request {
  readonly bytes?: Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What Amazon, MinIO and Ceph say when there is no room. */
const fullCodes =
  /^(InsufficientStorage|XMinioStorageFull|QuotaExceeded|XMinioAdminBucketQuotaExceeded)$/;

function refusal(status: number, answer: string): Error {
  const code = /<Code>([^<]*)<\/Code>/.exec(answer)?.[1] ?? "";
  const message = /<Message>([^<]*)<\/Message>/.exec(answer)?.[1] ?? "";
  const reason = `it answered ${[status, code, message].filter((part) => part !== "").join(" ")}`;
  return status === 507 || fullCodes.test(code)
    ? new BlobStoreFull(new Error(reason))
    : new BlobStoreUnavailable(reason);
}

/** The text of an element that holds no others. */
function elementOf(xml: string, name: string): string {
  const text = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
  if (text === undefined) throw new BlobStoreUnavailable(`its answer has no ${name}`);
  return text.replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
