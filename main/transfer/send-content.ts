import { retry } from '../retry.ts';
import { storeRetries } from './line.ts';
import { cutParts, type Part } from './parts.ts';
import { cleanUpPatienceMs } from './abort-multipart.ts';
import { storedMeanwhile } from './complete-multipart.ts';
import { confirmStored } from './confirm-stored.ts';
import { sendParts } from './send-parts.ts';
import { verified, type SendContent, type Sending, type SentContent } from './sending.ts';
import { Tally } from './tally.ts';

/**
 * Brings a content into one object and returns once the store has confirmed it by CRC64. A content
 * that fits into one part goes by one PUT, anything else as a multipart upload, begun now or resumed.
 * Throws StoreErrors, the content's own FerryErrors,
 * `not-verified`, or the signal's reason.
 */
export async function sendContent(send: SendContent): Promise<SentContent> {
  const stop = new AbortController();
  const signal = AbortSignal.any([send.signal, stop.signal]);
  const sending: Sending = {
    ...send,
    signal,
    stop,
    parts: cutParts(send.chunks(signal), send.partBytes),
    tally: new Tally(send.onProgress),
    retryOptions: { ...storeRetries(send.line, signal), ...send.retries, onRetry: send.onRetry },
  };
  try {
    const first = await sending.parts.next();
    if (first.done) throw new Error('A content always has a first part.');
    if (!first.value.isLast) return await sendParts(sending, first.value);
    // What was several parts once fits into one now: the source has changed.
    if (send.resume) await send.onResumeGivenUp();
    return await putWhole(sending, first.value);
  } finally {
    stop.abort();
    await sending.parts.return({ bytes: 0, crc64: '0' }).catch(() => undefined);
  }
}

async function putWhole(sending: Sending, only: Part): Promise<SentContent> {
  const { store, key, tally, signal } = sending;
  const end = await sending.parts.next();
  if (!end.done) throw new Error('There is no part after the last one.');
  const release = await sending.line.slots.take(signal);
  try {
    const stored = await retry(() => {
      tally.sent(only, 0);
      return store.putObject(key, only, { signal, onSent: (bytes) => { tally.sent(only, bytes); } });
    }, sending.retryOptions);
    tally.stored(only);
    await sending.onAllSent(end.value);
    const sent = verified(end.value, stored, tally.sentBytes);
    await confirmStored(sending, end.value);
    return sent;
  } catch (error) {
    // A cancel can come when every byte is there already and only the answer is missing.
    const object = signal.aborted && tally.isSent(only) ? await storedMeanwhile(sending, end.value, AbortSignal.timeout(cleanUpPatienceMs)).catch(() => null) : null;
    if (!object) throw error;
    await sending.onAllSent(end.value);
    return verified(end.value, object, tally.sentBytes);
  } finally {
    release();
  }
}
