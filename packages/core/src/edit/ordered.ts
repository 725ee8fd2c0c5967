interface WithId {
  readonly id: string;
}

/** `items` with `added` at the indexes `at` (ascending, in the result), or at the end. Ids that are there already are passed over. */
export function insertAt<Item extends WithId>(
  items: readonly Item[],
  added: readonly Item[],
  at: readonly number[] | undefined,
): { readonly items: Item[]; readonly added: readonly Item[] } {
  const ids = new Set(items.map(({ id }) => id));
  const fresh = added
    .map((item, order) => ({ item, index: at?.[order] ?? Infinity }))
    .filter(({ item }) => !ids.has(item.id) && ids.add(item.id));
  const result: Item[] = [];
  let next = 0;
  for (const { item, index } of fresh) {
    while (result.length < index && next < items.length) {
      const old = items[next];
      if (old !== undefined) result.push(old);
      next += 1;
    }
    result.push(item);
  }
  return { items: [...result, ...items.slice(next)], added: fresh.map(({ item }) => item) };
}

/** `items` without those of `ids`, and where those stood. */
export function removeIds<Item extends WithId>(
  items: readonly Item[],
  ids: ReadonlySet<string>,
): { readonly items: Item[]; readonly removed: Item[]; readonly at: number[] } {
  const removed: Item[] = [];
  const at: number[] = [];
  const rest = items.filter((item, index) => {
    if (!ids.has(item.id)) return true;
    removed.push(item);
    at.push(index);
    return false;
  });
  return { items: rest, removed, at };
}
