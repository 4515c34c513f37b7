import type { KeptEntry } from './history-entry.ts';

/** A test for entries that hold every word of a search, in whatever field and case. */
export function historySearch(search: string): (entry: KeptEntry) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return () => true;
  return (entry) => {
    const text = searched(entry);
    return words.every((word) => text.includes(word));
  };
}

function searched(entry: KeptEntry): string {
  const { name, paths, accountLabel, applicationId, bucket, region, key, crc64, etag, requestId, problem } = entry;
  return [name, ...paths, accountLabel, applicationId, bucket, region, key, crc64, etag, requestId, problem?.code, problem?.serviceCode, problem?.requestId]
    .join('\n').toLowerCase();
}
