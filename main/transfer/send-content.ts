import { retry } from '../retry.ts';
import { StoreError } from './object-store.ts';
import { cutParts, type Part } from './parts.ts';
import { sendParts } from './send-parts.ts';
import { storedMeanwhile } from './stored-meanwhile.ts';
import { verified, type SendContent, type Sending, type SentContent } from './sending.ts';
import { Tally } from './tally.ts';

/**
 * Brings a content into one object and returns once the store has confirmed it by CRC64. A content
 * that fits into one part goes by one PUT, anything else as a multipart upload, which is aborted
 * when this fails or is cancelled. Throws StoreErrors, the content's own FerryErrors,
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
    retryOptions: {
      attempts: 5,
      baseDelayMs: 500,
      maxDelayMs: 10_000,
      ...send.retries,
      signal,
      isRetryable: (error) => error instanceof StoreError && error.kind === 'transient',
    },
  };
  try {
    const first = await sending.parts.next();
    if (first.done) throw new Error('A content always has a first part.');
    return first.value.isLast ? await putWhole(send, sending, first.value) : await sendParts(sending, first.value);
  } finally {
    stop.abort();
    await sending.parts.return({ bytes: 0, crc64: '0' }).catch(() => undefined);
  }
}

async function putWhole(send: SendContent, sending: Sending, only: Part): Promise<SentContent> {
  const { store, key, tally, signal } = sending;
  const end = await sending.parts.next();
  if (!end.done) throw new Error('There is no part after the last one.');
  const release = await sending.slots.take(signal);
  try {
    const stored = await retry(() => {
      tally.sent(only, 0);
      return store.putObject(key, only, { signal, onSent: (bytes) => { tally.sent(only, bytes); } });
    }, sending.retryOptions);
    tally.stored(only);
    sending.onAllSent(end.value);
    return verified(end.value, stored);
  } catch (error) {
    // A cancel can come when every byte is there already and only the answer is missing.
    const object = send.signal.aborted && tally.isSent(only) ? await storedMeanwhile(sending, end.value) : null;
    if (!object) throw error;
    sending.onAllSent(end.value);
    return verified(end.value, object);
  } finally {
    release();
  }
}
