/** Sorted by the raw UTF-8 bytes of `name`: the same order on every system and in every language. */
export function inNameOrder<T extends { readonly name: string }>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Buffer.from(item.name) }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
    .map(({ item }) => item);
}
