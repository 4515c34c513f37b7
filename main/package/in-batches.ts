/**
 * Runs `work` over all items, at most `size` at a time, results in the items' order. Rejects
 * with the abort reason or the first failure, after the running batch.
 */
export async function inBatches<T, R>(
  items: readonly T[],
  size: number,
  signal: AbortSignal,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    signal.throwIfAborted();
    const settled = await Promise.allSettled(items.slice(start, start + size).map(work));
    for (const result of settled) {
      if (result.status === 'rejected') throw result.reason;
      results.push(result.value);
    }
  }
  return results;
}
