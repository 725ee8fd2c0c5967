import type { Json, Limits, ModelRef, Value } from "@heddle/core";
import type { BlobAccess } from "@heddle/infra";

/** What an op sees of its task. Everything it needs is here; it keeps no state of its own between tasks. */
export interface OpContext {
  /** Validated, with defaults filled in; a value wired into a parameter is already in its place. */
  readonly params: Readonly<Record<string, Json>>;
  /** Values of the media ports, by port name; an optional port with nothing wired is absent. */
  readonly inputs: Readonly<Record<string, Value>>;
  readonly blobs: BlobAccess;
  readonly checkpoint: Checkpoint;
  /** Aborted when the task is cancelled, its lease is lost, or the runner stops. */
  readonly signal: AbortSignal;
  readonly limits: Limits;
  /** Among tasks that share a device, the higher goes first at every step: what is alone before one item of many. */
  readonly priority: number;
  /** Version of the node type that the plan was compiled for. */
  readonly version: number;
  readonly model?: ModelRef;
  /**
   * Says how far the work is: `done` of `total` units (tiles, sampler steps); `total` 0 means unknown.
   * `leftMs`: milliseconds left, when it can be told. Cheap: calls are coalesced before they are sent.
   */
  progress(
    this: void,
    phase: "loading" | "computing",
    done: number,
    total: number,
    leftMs?: number,
  ): void;
  /** Shows what the work will be, roughly: a data URL of at most 4,000 characters, sent with the next progress. */
  readonly preview: (this: void, url: string) => void;
  /** Says how the work goes in a word or two, 80 characters at most: `loss 0.42`; sent with the next progress. */
  readonly note: (this: void, words: string) => void;
  /** Milliseconds spent on loading weights; summed over calls, and not paid for. */
  readonly loaded: (ms: number) => void;
  /** Milliseconds in which the device worked for others; summed over calls, and not paid for. */
  readonly waited: (ms: number) => void;
}

/**
 * Where long work was when an earlier attempt at it ended, whoever made that. For the one result that this task is to
 * have, so another attempt may go on from it; an op removes it when it is done.
 */
export interface Checkpoint {
  /** Null: there is none, so it begins at the beginning. */
  read(this: void): Promise<Uint8Array | null>;
  write(this: void, state: Uint8Array): Promise<void>;
  remove(this: void): Promise<void>;
}

/** What a runner can do. Outputs are named after the output ports of the node types that use it. */
export interface Op {
  readonly name: string;
  /** Throws `OpError` for what the author of the workflow can mend; anything else is the platform's fault (INFRA, tried again). */
  readonly run: (context: OpContext) => Promise<Record<string, Value>>;
}

/** The input is wrong (USER): reported with its port, never tried again, never billed. */
export class OpError extends Error {
  override readonly name = "OpError";
  /** Stable, snake_case: `image_too_large`. */
  readonly code: string;
  readonly portId: string | undefined;

  constructor(code: string, message: string, portId?: string) {
    super(message);
    this.code = code;
    this.portId = portId;
  }
}
