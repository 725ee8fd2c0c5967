import { AppError } from "@heddle/core";
import { readSafetensors, SafetensorsUnreadable } from "@heddle/infra";

export interface SafetensorsSummary {
  readonly tensors: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Checks that a .safetensors file is whole; see `readSafetensors`. Throws AppError `invalid` with the reason. */
export function inspectSafetensors(bytes: Uint8Array): SafetensorsSummary {
  try {
    const { tensors, metadata } = readSafetensors(bytes);
    return { tensors: tensors.size, metadata };
  } catch (error) {
    if (!(error instanceof SafetensorsUnreadable)) throw error;
    throw new AppError("invalid", `This LoRA file cannot be used: ${error.message}`);
  }
}
