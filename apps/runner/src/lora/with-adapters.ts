import type { ArtifactRef } from "@heddle/core";
import type { OpContext } from "../op.ts";
import type { AppliedAdapter } from "../text-to-image/adapter-banks.ts";
import type { KeptValues } from "../weights/kept-values.ts";
import type { Adapter } from "./adapter.ts";
import { loadAdapter } from "./load-adapter.ts";

/** What a painting node has of LoRAs. */
export interface LoraWish {
  readonly loras?: readonly ArtifactRef[] | undefined;
  /** Percent, for all of them. */
  readonly loraScale: number;
}

/** Reads the LoRAs where they are not read yet, and keeps them in memory for as long as `use` works. */
export async function withAdapters<Result>(
  { kept, context }: { readonly kept: KeptValues<Adapter>; readonly context: OpContext },
  { loras = [], loraScale }: LoraWish,
  use: (adapters: AppliedAdapter[]) => Promise<Result>,
): Promise<Result> {
  // At strength 0 the picture is the one without any, and the files are not even looked at.
  const wanted = loraScale === 0 ? [] : loras;
  const leases = [];
  try {
    for (const artifact of wanted) {
      const lease = await kept.acquire(
        {
          sha256: artifact.sha256,
          // Half as wide in the file, mostly.
          sizeBytes: 2 * artifact.sizeBytes,
          load: () => loadAdapter(context, artifact, "loras"),
        },
        { signal: context.signal, holdsOthers: leases.length > 0 },
      );
      leases.push(lease);
      context.loaded(lease.waitedMs);
    }
    return await use(leases.map(({ value }) => ({ adapter: value, scale: loraScale / 100 })));
  } finally {
    for (const { release } of leases) release();
  }
}
