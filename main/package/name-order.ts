// In UTF-16 the halves of a surrogate pair stand before U+E000, in UTF-8 what they stand for comes after it.
const ordersApart = /[\ud800-\uffff]/;

/** Sorted by the raw UTF-8 bytes of `name`: the same order on every system and in every language. */
export function inNameOrder<T extends { readonly name: string }>(items: readonly T[]): T[] {
  // Nearly all names compare as they are, at a fifth of the cost.
  if (!items.some(({ name }) => ordersApart.test(name))) return items.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return items
    .map((item) => ({ item, key: Buffer.from(item.name) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ item }) => item);
}
