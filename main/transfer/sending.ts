import { FerryError } from '../ferry-error.ts';
import type { RetryOptions } from '../retry.ts';
import type { Line } from './line.ts';
import type { HeldPart, ObjectStore, StoredObject } from './object-store.ts';
import type { NamedFile } from '../package/source-file.ts';
import type { Part, PartSource, PartsSummary } from './parts.ts';
import type { Sent, Tally } from './tally.ts';
import type { WholeCrc64 } from './whole-crc64.ts';

export interface SendContent {
  readonly store: ObjectStore;
  readonly key: string;
  /** Parts, or a small file as it is. */
  readonly source: PartSource | { readonly smallFile: NamedFile };
  readonly partBytes: number;
  readonly line: Line;
  readonly signal: AbortSignal;
  /** What was sent so far; falls again when a part is retried. */
  readonly onProgress: (sent: Sent) => void;
  /** Every byte was handed over; what is left is Complete, which is not sent before this has settled, and the comparison. */
  readonly onAllSent: (summary: PartsSummary) => void | Promise<void>;
  /** A multipart upload that was begun earlier: of its parts, those that agree are not sent again. */
  readonly resume: ResumePoint | null;
  /** The UploadId is known; no part is sent before this has settled, so that none is ever orphaned. */
  readonly onStarted: (uploadId: string) => Promise<void>;
  /** The store holds this part. */
  readonly onPartStored: (part: HeldPart) => void;
  /** Whether a multipart upload that this leaves unfinished is aborted: not where it will be resumed. */
  readonly abortsAfter: (error: unknown) => boolean;
  /** The content fits into one part now, so what was to be resumed is not: nothing goes on before this has settled. */
  readonly onResumeGivenUp: () => Promise<void>;
  /** The multipart upload that was begun, or to be resumed, was given up, and nothing of it is left in the bucket. */
  readonly onAborted: (uploadId: string) => void;
  /** A multipart upload that was begun when nobody wanted it any more could not be aborted, and nobody else knows of it. */
  readonly onOrphaned: (uploadId: string) => Promise<void>;
  /** Parts may be left behind in the bucket. */
  readonly onAbortFailed: (error: unknown) => void;
  /** The upload is given up, but its object may be there, and the store does not say. */
  readonly onMaybeStored: (error: unknown) => void;
  /** Cleans up after the upload was stopped, and needs the connections for that. */
  readonly onLate: (cleaning: Promise<unknown>) => void;
  /** A request is tried again after a wait. */
  readonly onRetry: (error: unknown, delayMs: number) => void;
  readonly retries?: Partial<Pick<RetryOptions, 'attempts' | 'baseDelayMs' | 'maxDelayMs' | 'random'>>;
}

/** Where an earlier run got to. */
export interface ResumePoint {
  readonly uploadId: string;
  /** What is known to be stored: used where the store refuses to list its parts. */
  readonly parts: readonly HeldPart[];
  /** True where Complete may have been sent already. */
  readonly completing: boolean;
}

/** An object that the store has confirmed byte for byte. */
export interface SentContent {
  readonly size: number;
  readonly crc64: string;
  readonly etag: string;
  readonly requestId: string;
  /** Bytes that went over the line in this run, retries included. */
  readonly sentBytes: number;
}

/** Who is asked about an object, and how patiently. */
export interface Asking extends Pick<SendContent, 'store' | 'key' | 'signal'> {
  readonly retryOptions: RetryOptions;
}

/** What the two ways of sending parts share. */
export interface Sending extends SendContent, Asking {
  readonly parts: AsyncGenerator<Part, void>;
  /** Of the parts that were made so far. */
  readonly whole: WholeCrc64;
  readonly tally: Tally;
  /** Stops the reading and every part in flight. */
  readonly stop: AbortController;
}

/** Compares what the store computed with what was computed while reading; throws `not-verified`. */
export function verified(summary: PartsSummary, stored: StoredObject, sentBytes: number): SentContent {
  if (stored.crc64 !== summary.crc64) {
    throw new FerryError({
      code: 'not-verified',
      params: { expected: summary.crc64, actual: stored.crc64 ?? '–' },
      requestId: stored.requestId,
    });
  }
  return { size: summary.bytes, crc64: summary.crc64, etag: stored.etag, requestId: stored.requestId, sentBytes };
}
