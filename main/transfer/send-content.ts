import { setMaxListeners } from 'node:events';
import { retry } from '../retry.ts';
import { storeRetries } from './line.ts';
import { cutParts, type Part, type PartSource } from './parts.ts';
import { storedAfterAll } from './complete-multipart.ts';
import { smallBodyBytes } from './part-size.ts';
import { sendParts } from './send-parts.ts';
import { sendSmallFile } from './send-small-file.ts';
import { verified, type SendContent, type Sending, type SentContent } from './sending.ts';
import { Tally } from './tally.ts';
import { WholeCrc64 } from './whole-crc64.ts';

// Made once: an abort without a reason makes an error with a stack trace each time.
const ended = new Error('The content was sent, or was given up.');

/**
 * Brings a content into one object and returns once the store has confirmed it by CRC64. A content
 * that fits into one part goes by one PUT, anything else as a multipart upload, begun now or resumed.
 * Throws StoreErrors, the content's own FerryErrors, `not-verified`, NotSmall where a small file is
 * none, or the signal's reason.
 */
export async function sendContent(send: SendContent): Promise<SentContent> {
  const { source } = send;
  return 'smallFile' in source ? sendSmallFile(send, source.smallFile) : sendInParts(send, source);
}

async function sendInParts(send: SendContent, source: PartSource): Promise<SentContent> {
  const stop = new AbortController();
  const signal = AbortSignal.any([send.signal, stop.signal]);
  // Every part in flight listens, and Node takes many listeners for a leak.
  setMaxListeners(0, signal);
  const sending: Sending = {
    ...send,
    signal,
    stop,
    parts: cutParts(source, { partBytes: send.partBytes, place: send.store.place, buffers: send.line.buffers, crew: send.line.crew, signal }),
    whole: new WholeCrc64(),
    tally: new Tally(send.onProgress),
    retryOptions: { ...storeRetries(send.line, signal), ...send.retries, onRetry: send.onRetry },
  };
  let begun: Part | null = null;
  try {
    const first = await sending.parts.next();
    if (first.done) throw new Error('A content always has a first part.');
    begun = first.value;
    if (!first.value.isLast) return await sendParts(sending, first.value);
    // What was several parts once fits into one now: the source has changed.
    if (send.resume) await send.onResumeGivenUp();
    return await putWhole(sending, first.value);
  } finally {
    stop.abort(ended);
    await sending.parts.return().catch(() => undefined);
    // Nobody may have come to send it.
    begun?.ready.then((ready) => { ready.release(); }, () => undefined);
  }
}

async function putWhole(sending: Sending, only: Part): Promise<SentContent> {
  const { store, key, tally, signal, line } = sending;
  const ready = await only.ready;
  try {
    sending.whole.add(only.number, ready.crc64, ready.bytes);
    const { summary } = sending.whole;
    // What comes behind the last part: the source may say only now that it is not what it was.
    if (!(await sending.parts.next()).done) throw new Error('There is no part after the last one.');
    const want = { place: store.place, isSmall: only.bytes <= smallBodyBytes, signal };
    try {
      const stored = await retry(() => line.slots.during(want, (outside) => {
        tally.sent(only, 0);
        return store.putObject(key, ready, { signal, outside, onSent: (bytes) => { tally.sent(only, bytes); } });
      }), sending.retryOptions);
      tally.stored(only);
      await sending.onAllSent(summary);
      return verified(summary, stored, tally.sentBytes);
    } catch (error) {
      // A cancel can come when every byte is there already and only the answer is missing.
      const object = signal.aborted && tally.isSent(only) ? await storedAfterAll(sending, summary, error) : null;
      if (!object) throw error;
      await sending.onAllSent(summary);
      return verified(summary, object, tally.sentBytes);
    }
  } finally {
    ready.release();
  }
}
