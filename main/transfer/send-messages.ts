import type { Problem } from '../../preload/contract.ts';
import type { HttpHead, HttpReply } from '../http-agents.ts';
import type { SourceFile } from '../package/read-range.ts';
import type { ThrottleMemory } from './throttle.ts';

// Both ways go lists: many small files mean many messages, and waking the other thread costs more than they do.

/** What a send worker is started with. */
export interface SendWorkerData {
  readonly throttle: ThrottleMemory;
}

/** Work on one part's bytes, which lie in memory that all threads share; nothing of it is kept in a worker. */
export type SendTask =
  /** Fills the memory from a file, and hashes it. */
  | { readonly kind: 'read'; readonly memory: SharedArrayBuffer; readonly bytes: number; readonly file: SourceFile; readonly position: number }
  | { readonly kind: 'hash'; readonly memory: SharedArrayBuffer; readonly bytes: number }
  | {
      readonly kind: 'send'; readonly memory: SharedArrayBuffer; readonly bytes: number;
      readonly head: HttpHead; readonly proxy: string | null; readonly stallMs: number;
    };

export type ToSendWorker = { readonly id: number } & (SendTask | { readonly kind: 'abort' });

export interface PartHashes {
  /** Base64, as Content-MD5 wants it. */
  readonly md5: string;
  readonly crc64: bigint;
}

/** `sentBytes` are those of the body that were handed to the connection. */
export type FromSendWorker = { readonly id: number } & (
  | { readonly kind: 'hashed'; readonly hashes: PartHashes }
  | { readonly kind: 'progress'; readonly sentBytes: number }
  | { readonly kind: 'reply'; readonly reply: HttpReply; readonly sentBytes: number }
  | { readonly kind: 'failed'; readonly failure: SendFailure; readonly sentBytes: number });

/** An error as it crosses from one thread to another. */
export interface SendFailure {
  readonly message: string;
  /** Node's own, such as ECONNRESET. */
  readonly code: string | null;
  /** Where it was a FerryError. */
  readonly problem: Problem | null;
  /** No byte moved for as long as was allowed. */
  readonly stalled: boolean;
}
