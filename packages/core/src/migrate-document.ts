/** Takes a document of one version to the next; gets and gives plain JSON. */
export type Migration = (document: Readonly<Record<string, unknown>>) => Record<string, unknown>;

/** By the version that they start from. Version 1 is the first, so there is nothing to migrate yet. */
export const documentMigrations: ReadonlyMap<number, Migration> = new Map();

/**
 * Applies the migrations from `from` up to, but not including, `to`, one after the other.
 * Null when one is missing: that version was never written by any release.
 */
export function migrateDocument(
  document: Readonly<Record<string, unknown>>,
  versions: { readonly from: number; readonly to: number },
  migrations: ReadonlyMap<number, Migration> = documentMigrations,
): Readonly<Record<string, unknown>> | null {
  let current = document;
  for (let version = versions.from; version < versions.to; version += 1) {
    const migration = migrations.get(version);
    if (migration === undefined) return null;
    current = { ...migration(current), heddle: version + 1 };
  }
  return current;
}
