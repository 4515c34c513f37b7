import { retry } from '../retry.ts';
import { StoreError, type StoredObject, type StoredPart } from './object-store.ts';
import type { PartsSummary } from './parts.ts';
import type { Asking, Sending } from './sending.ts';

/** Completes the upload. A try whose reply was lost may have succeeded: then the UploadId is gone and the object is there. */
export async function completeMultipart(
  sending: Sending,
  uploadId: string,
  parts: readonly StoredPart[],
  summary: PartsSummary,
  triesBefore: number,
): Promise<StoredObject> {
  try {
    return await sending.store.completeMultipart(sending.key, uploadId, parts, sending.signal);
  } catch (error) {
    const mayBeDone = triesBefore > 0 || sending.resume?.completing === true;
    if (!mayBeDone || !(error instanceof StoreError) || error.kind !== 'no-such-upload') throw error;
    const object = await storedMeanwhile(sending, summary, sending.signal);
    if (!object) throw error;
    return object;
  }
}

/** The object, where it is there and is the one that was sent; null otherwise, or where HEAD is not allowed. */
export async function storedMeanwhile(asking: Omit<Asking, 'signal'>, summary: PartsSummary, signal: AbortSignal): Promise<StoredObject | null> {
  try {
    const head = await retry(() => asking.store.headObject(asking.key, signal), { ...asking.retryOptions, signal });
    return head.size === summary.bytes && head.crc64 === summary.crc64 ? head : null;
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'permanent') return null;
    throw error;
  }
}
