import { assert } from "../errors.ts";

/** Negative: the first comes before the second. It must tell any two different items apart, or the order is not determined. */
export type Compare<Item> = (first: Item, second: Item) => number;

/**
 * A binary heap whose items can be found by key, so that one that has changed is moved in O(log n) and nothing is ever
 * sorted. Items are values: what has changed is put in again.
 */
export class KeyedHeap<Key, Item> {
  readonly #compare: Compare<Item>;
  readonly #entries: { readonly key: Key; item: Item }[] = [];
  readonly #places = new Map<Key, number>();

  constructor(compare: Compare<Item>) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#entries.length;
  }

  get(key: Key): Item | undefined {
    const place = this.#places.get(key);
    return place === undefined ? undefined : this.#entries[place]?.item;
  }

  /** The item that comes before all others. */
  peek(): Item | undefined {
    return this.#entries[0]?.item;
  }

  /** Puts an item in, or moves it to where it belongs now. */
  set(key: Key, item: Item): void {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.#entries.length;
      this.#entries.push({ key, item });
      this.#places.set(key, place);
    } else {
      this.#at(place).item = item;
    }
    this.#sink(this.#rise(place));
  }

  delete(key: Key): void {
    const place = this.#places.get(key);
    if (place === undefined) return;
    const last = this.#entries.length - 1;
    if (place !== last) this.#swap(place, last);
    this.#entries.pop();
    this.#places.delete(key);
    if (place !== last) this.#sink(this.#rise(place));
  }

  /** All items, the first first; each costs O(log n), and only those that are asked for. */
  *inOrder(): Generator<Item> {
    const open = new KeyedHeap<number, number>((first, second) => this.#order(first, second));
    if (this.#entries.length > 0) open.set(0, 0);
    for (let place = open.peek(); place !== undefined; place = open.peek()) {
      open.delete(place);
      yield this.#at(place).item;
      for (const child of [2 * place + 1, 2 * place + 2])
        if (child < this.#entries.length) open.set(child, child);
    }
  }

  /** As many as there are, at most `count`, in order. */
  *firstOf(count: number): Generator<Item> {
    let left = count;
    for (const item of this.inOrder()) {
      if (left <= 0) return;
      left -= 1;
      yield item;
    }
  }

  /** The first in order that passes. */
  first(passes: (item: Item) => boolean): Item | undefined {
    const top = this.peek();
    if (top === undefined || passes(top)) return top;
    for (const item of this.inOrder()) if (item !== top && passes(item)) return item;
    return undefined;
  }

  #rise(from: number): number {
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (this.#order(place, parent) >= 0) break;
      this.#swap(place, parent);
      place = parent;
    }
    return place;
  }

  #sink(from: number): void {
    for (let place = from; ;) {
      const left = 2 * place + 1;
      const right = left + 1;
      if (left >= this.#entries.length) return;
      const least = right < this.#entries.length && this.#order(right, left) < 0 ? right : left;
      if (this.#order(least, place) >= 0) return;
      this.#swap(place, least);
      place = least;
    }
  }

  #order(first: number, second: number): number {
    return this.#compare(this.#at(first).item, this.#at(second).item);
  }

  #swap(first: number, second: number): void {
    const [one, other] = [this.#at(first), this.#at(second)];
    this.#entries[first] = other;
    this.#entries[second] = one;
    this.#places.set(other.key, first);
    this.#places.set(one.key, second);
  }

  #at(place: number): { readonly key: Key; item: Item } {
    const entry = this.#entries[place];
    assert(entry !== undefined, "a place of the heap holds an item");
    return entry;
  }
}
