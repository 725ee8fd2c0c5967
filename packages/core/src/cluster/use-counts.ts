/** A use counts half after this time. */
const halfLifeMs = 600_000;

/** How often weights are used, old uses counting less. */
export class UseCounts {
  readonly #counts = new Map<string, { count: number; atMs: number }>();

  count(hash: string, nowMs: number): void {
    this.#counts.set(hash, { count: this.at(hash, nowMs) + 1, atMs: nowMs });
  }

  at(hash: string, nowMs: number): number {
    const known = this.#counts.get(hash);
    if (known === undefined) return 0;
    return known.count * 0.5 ** (Math.max(0, nowMs - known.atMs) / halfLifeMs);
  }
}
