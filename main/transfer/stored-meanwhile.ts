import type { StoredObject } from './object-store.ts';
import type { PartsSummary } from './parts.ts';
import type { SendContent } from './sending.ts';

/** How long cleaning up after a cancel may take. */
export const cleanUpPatienceMs = 3_000;

/** The object, where it is there and is the one that was sent; null otherwise, or where HEAD is not allowed. */
export async function storedMeanwhile(sending: Pick<SendContent, 'store' | 'key'>, summary: PartsSummary): Promise<StoredObject | null> {
  try {
    const head = await sending.store.headObject(sending.key, AbortSignal.timeout(cleanUpPatienceMs));
    return head.size === summary.bytes && head.crc64 === summary.crc64 ? head : null;
  } catch {
    return null;
  }
}
