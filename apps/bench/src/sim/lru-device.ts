import type { ZooWeights } from "./zoo.ts";

export interface DeviceOptions {
  /** For weights on the device, and in its host's memory; 0: none is kept there. */
  readonly deviceBytes: number;
  readonly ramBytes: number;
}

/** A runner of the plain kind: it loads what a request needs and drops what was used least lately. */
export class LruDevice {
  readonly id: number;
  freeSinceMs = 0;
  readonly #device: LruSet;
  readonly #ram: LruSet;

  constructor(id: number, { deviceBytes, ramBytes }: DeviceOptions) {
    this.id = id;
    this.#device = new LruSet(deviceBytes);
    this.#ram = new LruSet(ramBytes);
  }

  holds(one: ZooWeights): boolean {
    return this.#device.has(one);
  }

  /** Puts weights on the device; how long that takes, ms. */
  load(all: readonly ZooWeights[]): number {
    let totalMs = 0;
    for (const one of all) {
      if (!this.#device.has(one))
        totalMs += this.#ram.has(one) ? one.loadTimes.fromRamMs : one.loadTimes.fromDiskMs;
      this.#device.use(one);
      this.#ram.use(one);
    }
    return totalMs;
  }
}

class LruSet {
  readonly #capacity: number;
  /** The one used last comes last. */
  readonly #held = new Map<string, number>();
  #bytes = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has({ ref }: ZooWeights): boolean {
    return this.#held.has(ref.hash);
  }

  use({ ref: { hash, sizeBytes } }: ZooWeights): void {
    if (sizeBytes > this.#capacity) return;
    if (this.#held.delete(hash)) this.#bytes -= sizeBytes;
    for (const [oldest, bytes] of this.#held) {
      if (this.#bytes + sizeBytes <= this.#capacity) break;
      this.#held.delete(oldest);
      this.#bytes -= bytes;
    }
    this.#held.set(hash, sizeBytes);
    this.#bytes += sizeBytes;
  }
}
