import type { Problem } from '../../preload/contract.ts';
import type { HttpHead, HttpReply } from '../http-agents.ts';
import type { NamedFile, SourceFile } from '../package/source-file.ts';
import type { ThrottleMemory } from './throttle.ts';

/** A part's bytes, which lie in memory that all threads share; nothing of it is kept in a worker. */
interface PartMemory {
  readonly memory: SharedArrayBuffer;
  readonly bytes: number;
}

/** One request, tried once. */
export interface RequestTask {
  readonly head: HttpHead;
  readonly proxy: string | null;
  readonly stallMs: number;
}

export type HashTask =
  /** Fills the memory from a file, and hashes it. */
  | PartMemory & { readonly kind: 'read'; readonly file: SourceFile; readonly position: number }
  | PartMemory & { readonly kind: 'hash' };

/** Work on one part. */
export type PartTask = HashTask | PartMemory & RequestTask & { readonly kind: 'send' };

/** Reads a small file, hashes it and sends it, with the headers that tell its length and its MD5. */
export interface PutTask extends RequestTask {
  readonly kind: 'put';
  readonly file: NamedFile;
}

/** A request with a document as its body, or with none. */
export interface AskTask extends RequestTask {
  readonly kind: 'ask';
  readonly document: string;
}

export type SendTask = PartTask | PutTask | AskTask;

export function isHashing({ kind }: SendTask): boolean {
  return kind === 'read' || kind === 'hash';
}

/** Connections that are about to be needed. It is not answered. */
export interface Connect {
  readonly kind: 'connect';
  readonly place: Pick<HttpHead, 'protocol' | 'host'>;
  readonly many: number;
}

/** What all that is sent is held by; it comes before anything else. */
export interface SharedThrottle {
  readonly kind: 'throttle';
  readonly memory: ThrottleMemory;
}

export type ToSendWorker = { readonly id: number } & (SendTask | Connect | SharedThrottle | { readonly kind: 'abort' });

export interface PartHashes {
  /** Base64, as Content-MD5 wants it. */
  readonly md5: string;
  readonly crc64: bigint;
}

/** What a small file was when it was read. */
export interface FileRead {
  readonly bytes: number;
  readonly crc64: bigint;
  /** Milliseconds for which nothing else went on in the thread that has read it. */
  readonly tookMs: number;
}

/** `sentBytes` are those of the body that were handed to the connection; `read` is null where the task was no `put`. */
export type FromSendWorker = { readonly id: number } & (
  | { readonly kind: 'hashed'; readonly hashes: PartHashes }
  | { readonly kind: 'progress'; readonly sentBytes: number; readonly read: FileRead | null }
  | { readonly kind: 'reply'; readonly reply: HttpReply; readonly sentBytes: number; readonly read: FileRead | null }
  | { readonly kind: 'not-small'; readonly sentBytes: 0 }
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
