import { sendContent } from '../../main/transfer/send-content.ts';
import type { SendContent, SentContent } from '../../main/transfer/sending.ts';
import { lineOf } from './memory-line.ts';
import type { MemoryStore } from './memory-store.ts';

export const partBytes = 1000;

/** Sends the data to the store in parts of 1,000 bytes, whose reading yields two bytes of the source for each. */
export function sendToMemory(store: MemoryStore, data: Buffer, change: Partial<SendContent> = {}): Promise<SentContent> {
  return sendContent({
    store,
    key: 'the/key',
    source: {
      async* chunks() {
        for (let offset = 0; offset < data.length; offset += 300) {
          const chunk = data.subarray(offset, offset + 300);
          yield { data: chunk, sourceBytes: chunk.length * 2 };
        }
      },
    },
    partBytes,
    line: lineOf(),
    signal: new AbortController().signal,
    resume: null,
    onResumeGivenUp: async () => undefined,
    onStarted: async () => undefined,
    onPartStored: () => undefined,
    onAborted: () => undefined,
    onOrphaned: async () => undefined,
    onRetry: () => undefined,
    onLate: () => undefined,
    onMaybeStored: () => undefined,
    abortsAfter: () => true,
    onProgress: () => undefined,
    onAllSent: () => undefined,
    onAbortFailed: () => undefined,
    retries: { baseDelayMs: 1, maxDelayMs: 2 },
    ...change,
  });
}
