import type { NamedFile } from '../package/source-file.ts';
import { retry } from '../retry.ts';
import { storedAfterAll } from './complete-multipart.ts';
import { storeRetries } from './line.ts';
import type { StoredObject } from './object-store.ts';
import type { PartsSummary } from './parts.ts';
import type { FileRead } from './send-messages.ts';
import { verified, type Asking, type SendContent, type SentContent } from './sending.ts';
import { SmallFileBody } from './small-file-body.ts';

/** Brings a small file into one object with one PUT, as `sendContent`. */
export async function sendSmallFile(send: SendContent, file: NamedFile): Promise<SentContent> {
  const { line, signal } = send;
  // What was several parts once is small now: the source has changed.
  if (send.resume) await send.onResumeGivenUp();
  const asking: Asking = { ...send, retryOptions: { ...storeRetries(line, signal), ...send.retries, onRetry: send.onRetry } };
  const body = new SmallFileBody(file, line.crew);
  const { stored, sentBytes } = await put(send, asking, body);
  if (!body.sent) throw new Error('What was put was read.');
  const summary = summaryOf(body.sent);
  await send.onAllSent(summary);
  return verified(summary, stored, sentBytes);
}

async function put(send: SendContent, { retryOptions }: Asking, body: SmallFileBody): Promise<{ readonly stored: StoredObject; readonly sentBytes: number }> {
  const { store, key, line, signal } = send;
  let [sentBefore, sentNow, reachedBytes] = [0, 0, 0];
  try {
    const stored = await retry(() => line.slots.during({ place: store.place, isSmall: true, signal }, (outside) => {
      sentBefore += sentNow;
      sentNow = 0;
      return store.putObject(key, body, {
        signal, outside,
        onSent: (bytes) => {
          sentNow = bytes;
          reachedBytes = Math.max(reachedBytes, bytes);
          send.onProgress({ bytes, sourceBytes: bytes, sentBytes: sentBefore + sentNow, reachedBytes, held: 0, inFlight: 1 });
        },
      });
    }), retryOptions);
    return { stored, sentBytes: sentBefore + sentNow };
  } catch (error) {
    // A cancel can come when every byte is there already and only the answer is missing.
    if (!signal.aborted || !body.sent) throw error;
    const stored = await storedAfterAll({ ...send, retryOptions }, summaryOf(body.sent), error);
    if (!stored) throw error;
    return { stored, sentBytes: sentBefore + sentNow };
  }
}

function summaryOf({ bytes, crc64 }: FileRead): PartsSummary {
  return { bytes, crc64: crc64.toString() };
}
