import { withoutOldest } from './folder-files.ts';
import { rowIdOf, type KeptEntry } from './history-entry.ts';

/**
 * At most about `most` entries, the oldest first. What was dropped counts alike, however many files
 * it had: of that the newest half of `most` is kept, and then the largest folders lose their oldest
 * files, of which the figures stay. So no folder drives anything out but its own files.
 */
export function trimHistory(entries: readonly KeptEntry[], most: number): KeptEntry[] {
  const byId = new Map<string, KeptEntry[]>();
  for (const entry of entries) {
    const files = byId.get(rowIdOf(entry));
    if (files) files.push(entry);
    else byId.set(rowIdOf(entry), [entry]);
  }
  const newest = new Set<string>();
  for (const entry of entries.toReversed()) {
    if (newest.size < most / 2) newest.add(rowIdOf(entry));
  }
  const dropped = [...byId].filter(([id]) => newest.has(id)).map(([, files]) => files);
  const mostFiles = levelOf(dropped.map(({ length }) => length), most);
  const kept = new Map(dropped.flatMap((files) => withoutOldest(files, mostFiles)).map((entry) => [entry.id, entry]));
  return entries.flatMap(({ id }) => kept.get(id) ?? []);
}

/** How many each may have so that all together have no more than `most`, where those with fewer have all of theirs. */
function levelOf(sizes: readonly number[], most: number): number {
  let left = most;
  for (const [index, size] of sizes.toSorted((a, b) => a - b).entries()) {
    const share = Math.floor(left / (sizes.length - index));
    if (size > share) return share;
    left -= size;
  }
  return Infinity;
}
