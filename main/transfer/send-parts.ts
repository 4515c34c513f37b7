import { FerryError } from '../ferry-error.ts';
import { retry } from '../retry.ts';
import { StoreError, type StoredObject, type StoredPart } from './object-store.ts';
import type { Part, PartsSummary } from './parts.ts';
import { verified, type Sending, type SentContent } from './sending.ts';
import { cleanUpPatienceMs, storedMeanwhile } from './stored-meanwhile.ts';

/** Sends the parts as a multipart upload and completes it; aborts it when anything fails. */
export async function sendParts(sending: Sending, first: Part): Promise<SentContent> {
  const uploadId = await start(sending);
  let completing: PartsSummary | null = null;
  try {
    const { summary, stored } = await sendAll(sending, uploadId, first);
    sending.onAllSent(summary);
    completing = summary;
    const object = await retry(
      (triesBefore) => complete(sending, uploadId, stored, summary, triesBefore),
      sending.retryOptions,
    );
    return verified(summary, object);
  } catch (error) {
    const left = await abort(sending, uploadId);
    // A cancel can come while COS is completing: then there is nothing to abort, but an object.
    const object = left === 'gone' && completing ? await storedMeanwhile(sending, completing) : null;
    if (object && completing) return verified(completing, object);
    throw error;
  }
}

/** An UploadId that arrives after a cancel is aborted as well: it would stay in the bucket otherwise. */
async function start(sending: Sending): Promise<string> {
  const { store, key, signal } = sending;
  return retry(() => {
    const starting = store.startMultipart(key, new AbortController().signal);
    return new Promise<string>((resolve, reject) => {
      const giveUp = (): void => {
        reject(signal.reason as Error);
        sending.onCleaningUp(starting.then((uploadId) => abort(sending, uploadId), () => undefined));
      };
      signal.addEventListener('abort', giveUp, { once: true });
      starting.then(resolve, reject).finally(() => { signal.removeEventListener('abort', giveUp); });
    });
  }, sending.retryOptions);
}

async function sendAll(sending: Sending, uploadId: string, first: Part): Promise<{ summary: PartsSummary; stored: StoredPart[] }> {
  const stored: StoredPart[] = [];
  const flying = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const fail = (error: unknown): void => {
    failures.push(error);
    sending.stop.abort(error);
  };

  const launch = async (part: Part): Promise<void> => {
    const release = await sending.slots.take(sending.signal);
    const flight = sendPart(sending, uploadId, part)
      .then((storedPart) => { stored.push(storedPart); }, fail)
      .finally(() => {
        flying.delete(flight);
        release();
      });
    flying.add(flight);
  };

  let summary: PartsSummary | null = null;
  try {
    await launch(first);
    while (summary === null) {
      const next = await sending.parts.next();
      if (next.done) summary = next.value;
      else await launch(next.value);
    }
  } catch (error) {
    fail(error);
  }
  await Promise.all(flying);
  if (failures.length > 0 || summary === null) throw failures[0];
  stored.sort((a, b) => a.partNumber - b.partNumber);
  return { summary, stored };
}

async function sendPart(sending: Sending, uploadId: string, part: Part): Promise<StoredPart> {
  const { store, key, tally, signal } = sending;
  const stored = await retry(() => {
    tally.sent(part, 0);
    return store.putPart(key, uploadId, part.number, part, { signal, onSent: (bytes) => { tally.sent(part, bytes); } });
  }, sending.retryOptions);
  const expected = Buffer.from(part.md5, 'base64').toString('hex');
  if (stored.etag.toLowerCase() !== expected) {
    throw new FerryError({ code: 'not-verified', params: { expected, actual: stored.etag } });
  }
  tally.stored(part);
  return stored;
}

/** A try whose reply was lost may have succeeded: then the UploadId is gone and the object is there. */
async function complete(
  sending: Sending,
  uploadId: string,
  parts: readonly StoredPart[],
  summary: PartsSummary,
  triesBefore: number,
): Promise<StoredObject> {
  try {
    return await sending.store.completeMultipart(sending.key, uploadId, parts, sending.signal);
  } catch (error) {
    if (triesBefore === 0 || !(error instanceof StoreError) || error.kind !== 'no-such-upload') throw error;
    const object = await storedMeanwhile(sending, summary);
    if (!object) throw error;
    return object;
  }
}

/** Leaves no parts behind. Not under the upload's own signal, which may be the very reason for it. */
async function abort(sending: Sending, uploadId: string): Promise<'aborted' | 'gone' | 'left'> {
  try {
    await sending.store.abortMultipart(sending.key, uploadId, AbortSignal.timeout(cleanUpPatienceMs));
    return 'aborted';
  } catch (error) {
    if (error instanceof StoreError && error.kind === 'no-such-upload') return 'gone';
    sending.onAbortFailed(error);
    return 'left';
  }
}
