import type { FileHandle } from 'node:fs/promises';
import { JobError } from './job-error.ts';
import { openForReading } from './open-for-reading.ts';
import type { DeflateLevels } from './pack-level.ts';
import type { PackageEntry } from './package-entry.ts';
import type { PackageWorkers } from './package-workers.ts';
import { changed, readFailure, refuseChanged } from './source-changed.ts';
import { isStored } from './stored-kinds.ts';
import { fileChanged } from './worker-jobs.ts';

export type FileEntry = Extract<PackageEntry, { kind: 'file' }>;

/** The next piece of a package's files: a file as a whole, or a block of a larger one. */
export interface PackedPiece {
  readonly entry: FileEntry;
  /** Bytes of the source that it stands for, and the CRC-32 of those. */
  readonly sourceBytes: number;
  readonly crc: number;
  /** Deflate blocks that end at a byte (for a whole file: a whole stream), or the source's bytes as they are. */
  readonly data: Uint8Array;
  readonly deflated: boolean;
  /** True for a whole file and for a file's last block. */
  readonly isLast: boolean;
}

export interface PackAheadOptions {
  readonly entries: readonly PackageEntry[];
  readonly levels: DeflateLevels;
  readonly workers: PackageWorkers;
  readonly signal: AbortSignal;
}

/** Files up to this are packed as a whole; larger ones in blocks of it. */
export const blockBytes = 1024 * 1024;

const filesPerJob = 128;
const jobsPerThread = 3;

/** Packs into memory of a block's size. */
type Job = (into: SharedArrayBuffer, signal: AbortSignal) => Promise<readonly PackedPiece[]>;

/**
 * The files of a package, packed by all threads at once and handed out in the entries' order, some
 * at a time: a wait for each small file would cost more than all else that is done for it here. What is
 * handed out stays until the next is asked for: then its memory is packed into again. Only so much is
 * read ahead as keeps the threads busy: three blocks for each of them. Throws `source-changed`,
 * `source-vanished`, `source-unreadable` or the abort reason; however it ends, no file is open and no
 * job is left.
 */
export async function* packAhead(options: PackAheadOptions): AsyncGenerator<readonly PackedPiece[], void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const mostAhead = jobsPerThread * options.workers.threads;
  const ahead: { readonly work: Promise<readonly PackedPiece[]>; readonly into: SharedArrayBuffer }[] = [];
  // New memory for each job would have the garbage collector at work all the time.
  const idle: SharedArrayBuffer[] = [];
  const open = new Set<LargeFile>();
  try {
    const jobs = planJobs(options, open);
    for (;;) {
      while (ahead.length < mostAhead) {
        const next = jobs.next();
        if (next.done) break;
        const into = idle.pop() ?? new SharedArrayBuffer(blockBytes);
        const work = next.value(into, signal);
        // It may fail before its turn has come.
        work.catch(() => undefined);
        ahead.push({ work, into });
      }
      const first = ahead.shift();
      if (!first) return;
      yield await first.work;
      idle.push(first.into);
      options.signal.throwIfAborted();
    }
  } finally {
    stop.abort();
    await Promise.allSettled(ahead.map(({ work }) => work));
    await Promise.all([...open].map((file) => file.close()));
  }
}

function* planJobs({ entries, levels, workers }: PackAheadOptions, open: Set<LargeFile>): Generator<Job, void> {
  let batch: FileEntry[] = [];
  let batchBytes = 0;
  for (const entry of entries) {
    if (entry.kind !== 'file') continue;
    const { size } = entry.identity;
    if (batch.length > 0 && (batch.length === filesPerJob || batchBytes + size > blockBytes)) {
      yield filesJob(batch, levels, workers);
      batch = [];
      batchBytes = 0;
    }
    if (size > blockBytes) {
      const file = new LargeFile(entry, levels, workers, open);
      for (let start = 0; start < size; start += blockBytes) yield (into, signal) => file.pack(start, into, signal);
    } else {
      batch.push(entry);
      batchBytes += size;
    }
  }
  if (batch.length > 0) yield filesJob(batch, levels, workers);
}

function filesJob(entries: readonly FileEntry[], levels: DeflateLevels, workers: PackageWorkers): Job {
  return async (into, signal) => {
    const files = entries.map(({ path, name, identity }) => ({ path, identity, stored: isStored(name) }));
    try {
      const { lengths, crcs } = await workers.run({ kind: 'files', files, levels, into }, signal);
      let end = 0;
      return entries.map((entry, index) => {
        const start = end;
        const sourceBytes = entry.identity.size;
        end += lengths[index] ?? 0;
        const piece = new Uint8Array(into, start, end - start);
        return { entry, sourceBytes, crc: crcs[index] ?? 0, data: piece, deflated: piece.length < sourceBytes, isLast: true };
      });
    } catch (error) {
      throw packFailure(error, entries[error instanceof JobError ? error.index : 0]?.name ?? '');
    }
  };
}

/** A file that is open from its first block until its last one is packed, and was seen to be the same at both ends. */
class LargeFile {
  readonly #entry: FileEntry;
  readonly #levels: DeflateLevels;
  readonly #workers: PackageWorkers;
  readonly #open: Set<LargeFile>;
  readonly #inHand = new Set<Promise<unknown>>();
  #opening: Promise<FileHandle> | undefined;

  constructor(entry: FileEntry, levels: DeflateLevels, workers: PackageWorkers, open: Set<LargeFile>) {
    this.#entry = entry;
    this.#levels = levels;
    this.#workers = workers;
    this.#open = open;
  }

  async pack(start: number, into: SharedArrayBuffer, signal: AbortSignal): Promise<readonly PackedPiece[]> {
    const { name, identity } = this.#entry;
    const length = Math.min(blockBytes, identity.size - start);
    const isLast = start + length === identity.size;
    try {
      signal.throwIfAborted();
      const handle = await (this.#opening ??= this.#openChecked());
      const job = { kind: 'block', fd: handle.fd, start, length, isLast, stored: isStored(name), levels: this.#levels, into } as const;
      const work = this.#workers.run(job, signal);
      this.#inHand.add(work);
      const { bytes, deflated, crc } = await work;
      this.#inHand.delete(work);
      if (isLast) {
        await Promise.all(this.#inHand);
        await refuseChanged(handle, this.#entry);
        await this.close();
      }
      return [{ entry: this.#entry, sourceBytes: length, crc, data: new Uint8Array(into, 0, bytes), deflated, isLast }];
    } catch (error) {
      throw packFailure(error, name);
    }
  }

  /** Only after all of its jobs have ended: a thread would read whatever has the descriptor's number next. */
  async close(): Promise<void> {
    this.#open.delete(this);
    const handle = await this.#opening?.catch(() => null);
    await handle?.close();
  }

  async #openChecked(): Promise<FileHandle> {
    const handle = await openForReading(this.#entry.path);
    try {
      await refuseChanged(handle, this.#entry);
    } catch (error) {
      await handle.close();
      throw error;
    }
    this.#open.add(this);
    return handle;
  }
}

function packFailure(error: unknown, name: string): unknown {
  return error instanceof JobError && error.code === fileChanged ? changed(name) : readFailure(error, name);
}
