import type { UseFrequency } from "./use-frequency.ts";

/** Where weights are: bytes in memory, or made ready to compute with. What is in neither is on the disk. */
export type Tier = "ram" | "session";

/** What something is of. */
export interface SlotLabel {
  /** For logs: `upscaler-4x.onnx`. */
  readonly name: string;
  readonly modelId: string;
  /** Of the file that it comes from: lower-case hexadecimal. */
  readonly sha256: string;
  readonly tier: Tier;
}

/** What the budget has to know of one thing that it keeps, whatever its value is. */
export interface Slot {
  readonly label: SlotLabel;
  readonly isLoaded: boolean;
  /** Bytes that it takes, or will take as far as is known. */
  readonly sizeBytes: number;
  /** What it is made of. */
  readonly from: readonly Slot[];
  /** What the last load took, without that of `from`. */
  readonly loadMs: number;
  readonly uses: UseFrequency;
  /** Leases, those that are waited for, and loads of something that is made of it. It stays while there is one. */
  pins: number;
  /** To be given up as soon as it is not in use, room or no room. */
  isUnwanted: boolean;
  /** Makes the value from those of `from`, which are there. */
  fill(): Promise<void>;
  /** Gives the value up: at once it is not loaded any more, and it resolves when its memory is free. */
  empty(): Promise<void>;
}
