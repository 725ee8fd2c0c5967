import type { Resident } from "@heddle/core";

/** One network, and where it is. */
export interface KnownNetwork {
  readonly model: { readonly id: string; readonly sha256: string };
  readonly file: { readonly sha256: string; readonly sizeBytes: number };
  readonly session: { readonly isLoaded: boolean };
  readonly bytes: { readonly isLoaded: boolean; readonly wasLoaded: boolean } | undefined;
}

/**
 * Where the networks are, added up by model and tier. On the disk is what was found there and had the right hash. A file
 * counts once, however many sessions are made of it.
 */
export function listResident(networks: readonly KnownNetwork[]): Resident[] {
  const rows = new Map<string, Resident>();
  const counted = new Set<string>();
  for (const { model, file, session, bytes } of networks) {
    const tiers = {
      disk: bytes?.wasLoaded,
      ram: bytes?.isLoaded,
      session: session.isLoaded,
    };
    for (const tier of ["disk", "ram", "session"] as const) {
      const part = `${model.sha256} ${file.sha256} ${tier}`;
      if (tiers[tier] !== true || counted.has(part)) continue;
      counted.add(part);
      const key = `${model.sha256} ${tier}`;
      const row = rows.get(key) ?? { modelId: model.id, sha256: model.sha256, sizeBytes: 0, tier };
      rows.set(key, { ...row, sizeBytes: row.sizeBytes + file.sizeBytes });
    }
  }
  return [...rows.values()];
}
