import { FerryError } from '../ferry-error.ts';
import type { RetryOptions } from '../retry.ts';
import type { ObjectStore, StoredObject } from './object-store.ts';
import type { Part, PartsSummary } from './parts.ts';
import type { Slots } from './slots.ts';
import type { Sent, Tally } from './tally.ts';

export interface SendContent {
  readonly store: ObjectStore;
  readonly key: string;
  readonly chunks: (signal: AbortSignal) => AsyncIterable<{ readonly data: Buffer; readonly sourceBytes: number }>;
  readonly partBytes: number;
  /** Parts in flight, over all uploads. */
  readonly slots: Slots;
  readonly signal: AbortSignal;
  /** What was sent so far; falls again when a part is retried. */
  readonly onProgress: (sent: Sent) => void;
  /** Every byte was handed over; what is left is Complete and the comparison. */
  readonly onAllSent: (summary: PartsSummary) => void;
  /** Parts may be left behind in the bucket. */
  readonly onAbortFailed: (error: unknown) => void;
  /** Cleaning up that goes on after this has settled. */
  readonly onCleaningUp: (work: Promise<unknown>) => void;
  readonly retries?: Partial<Pick<RetryOptions, 'attempts' | 'baseDelayMs' | 'maxDelayMs' | 'random'>>;
}

/** An object that the store has confirmed byte for byte. */
export interface SentContent {
  readonly size: number;
  readonly crc64: string;
  readonly etag: string;
  readonly requestId: string;
}

/** What the two ways of sending share. */
export interface Sending extends SendContent {
  readonly parts: AsyncGenerator<Part, PartsSummary>;
  readonly tally: Tally;
  /** Stops the reading and every part in flight. */
  readonly stop: AbortController;
  readonly retryOptions: RetryOptions;
}

/** Compares what the store computed with what was computed while reading; throws `not-verified`. */
export function verified(summary: PartsSummary, stored: StoredObject): SentContent {
  if (stored.crc64 !== summary.crc64) {
    throw new FerryError({
      code: 'not-verified',
      params: { expected: summary.crc64, actual: stored.crc64 ?? '–' },
      requestId: stored.requestId,
    });
  }
  return { size: summary.bytes, crc64: summary.crc64, etag: stored.etag, requestId: stored.requestId };
}
