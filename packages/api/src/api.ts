import type { ArtifactRef, Catalog, Document, Limits } from "@heddle/core";
import type { Database, RunQuota } from "@heddle/db";
import type { BlobStore, Doorbell, Live, Log } from "@heddle/infra";
import { isLoopbackHost } from "./access/loopback.ts";
import { allowOnlyTakenFormats } from "./files/read-image.ts";
import { createApiMetrics, type ApiMetrics } from "./metrics.ts";

/** A workflow that comes with Heddle; `slug` is its file's name without `.heddle.json`. */
export interface Template {
  readonly slug: string;
  readonly document: Document;
  /** What it makes, for the gallery; a file of the local owner's workspace. */
  readonly picture: ArtifactRef | null;
}

/** Everything that procedures and handlers work with; made once per process. */
export interface ApiResources {
  readonly database: Database;
  readonly blobs: BlobStore;
  readonly doorbell: Doorbell;
  readonly live: Live;
  readonly log: Log;
  readonly catalog: Catalog;
  readonly templates: readonly Template[];
  readonly limits: Limits;
  /** What the files of one workspace may take; absent: any amount. */
  readonly storageLimitBytes?: number | undefined;
  /** What one workspace may run; absent: any amount. */
  readonly quota?: RunQuota | undefined;
  /** Signs artifact and upload links. */
  readonly secret: string;
  /** Makes whoever sends it the local owner: the command line of the machine that serves, also where `host` is not loopback. */
  readonly localKey?: string | undefined;
  /** Origin under which others reach this server: `https://heddle.example.org`. */
  readonly publicUrl: string;
  /** The address that the server listens on. */
  readonly host: string;
  readonly version: string;
  /** Inputs given by URL may also come from loopback and private addresses. Off unless somebody asks for it. */
  readonly allowPrivateUrls: boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Uniform integer in [0, 2^32), for random seeds. */
  readonly randomSeed: () => number;
}

export interface Api extends ApiResources {
  /**
   * Requests of this machine's own browser and command line need no key. Only when the server listens on loopback and is
   * not published under another name: behind a proxy every visitor would look like the owner.
   */
  readonly localOwner: boolean;
  readonly metrics: ApiMetrics;
}

/** Makes the server's side of every procedure and REST call. */
export function createApi(resources: ApiResources): Api {
  allowOnlyTakenFormats();
  return {
    ...resources,
    metrics: createApiMetrics(),
    publicUrl: resources.publicUrl.replace(/\/+$/, ""),
    localOwner:
      isLoopbackHost(resources.host) && isLoopbackHost(new URL(resources.publicUrl).hostname),
  };
}
