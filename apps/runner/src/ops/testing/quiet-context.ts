import { defaultLimits } from "@heddle/core";
import type { BlobAccess } from "@heddle/infra";
import type { OpContext } from "../../op.ts";

/** A task of its own: it begins at the beginning, is not interrupted, and nobody listens to how it goes. */
export function quietContext(blobs: BlobAccess): Omit<OpContext, "params" | "inputs"> {
  return {
    blobs,
    checkpoint: { read: async () => null, write: async () => {}, remove: async () => {} },
    signal: new AbortController().signal,
    limits: defaultLimits,
    priority: 1,
    version: 1,
    progress: () => {},
    preview: () => {},
    note: () => {},
    waited: () => {},
    loaded: () => {},
  };
}
