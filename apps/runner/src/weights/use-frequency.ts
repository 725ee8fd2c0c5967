/** Half of what is known about the use of a thing is forgotten after this long. */
const halfLifeMs = 10 * 60_000;

/**
 * How often a thing is used of late: uses, each counting half as much with every half-life that has passed since. In
 * proportion to the probability that the next use is of this thing.
 */
export class UseFrequency {
  #uses = 0;
  #atMs = 0;

  count(nowMs: number): void {
    this.#uses = this.at(nowMs) + 1;
    this.#atMs = nowMs;
  }

  /** From now on at least as often as the other. */
  inherit(other: UseFrequency, nowMs: number): void {
    this.#uses = Math.max(this.at(nowMs), other.at(nowMs));
    this.#atMs = nowMs;
  }

  at(nowMs: number): number {
    return this.#uses * 2 ** ((this.#atMs - nowMs) / halfLifeMs);
  }

  get lastMs(): number {
    return this.#atMs;
  }
}
