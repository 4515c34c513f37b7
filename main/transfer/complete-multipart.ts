import { retry } from '../retry.ts';
import { cleanUpPatienceMs } from './abort-multipart.ts';
import { StoreError, type StoredObject, type StoredPart } from './object-store.ts';
import type { PartsSummary } from './parts.ts';
import type { Asking, SendContent, Sending } from './sending.ts';

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

/** The object that COS may have made of an upload that was stopped just then; where that cannot be known, a cancel says so. */
export async function storedAfterAll(
  sending: Omit<Asking, 'signal'> & Pick<SendContent, 'abortsAfter' | 'onMaybeStored'>,
  summary: PartsSummary,
  stopped: unknown,
): Promise<StoredObject | null> {
  try {
    return await lookFor(sending, summary, AbortSignal.timeout(cleanUpPatienceMs));
  } catch (error) {
    if (sending.abortsAfter(stopped)) sending.onMaybeStored(error);
    return null;
  }
}

/** The object, where it is there and is the one that was sent; null otherwise, or where HEAD is not allowed. */
export async function storedMeanwhile(asking: Omit<Asking, 'signal'>, summary: PartsSummary, signal: AbortSignal): Promise<StoredObject | null> {
  try {
    return await lookFor(asking, summary, signal);
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'permanent') return null;
    throw error;
  }
}

async function lookFor(asking: Omit<Asking, 'signal'>, summary: PartsSummary, signal: AbortSignal): Promise<StoredObject | null> {
  try {
    const head = await retry(() => asking.store.headObject(asking.key, signal), { ...asking.retryOptions, signal });
    return head.size === summary.bytes && head.crc64 === summary.crc64 ? head : null;
  } catch (error) {
    if (error instanceof StoreError && error.status === 404) return null;
    throw error;
  }
}
