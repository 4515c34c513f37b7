import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { HistoryEntry, HistoryFilesPage, HistoryFilesQuery, HistoryFilter, HistoryPage, HistoryQuery } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';
import { writeFileAtomically } from '../settings/write-file-atomically.ts';
import { historyView, keptEntrySchema, rowIdOf, type KeptEntry } from './history-entry.ts';
import { foldersIn } from './folder-files.ts';
import { historyRows } from './history-rows.ts';
import { historyFilter } from './search-history.ts';
import { trimHistory } from './trim-history.ts';

export interface HistoryOptions {
  readonly file: string;
  /** How many uploads are kept one by one, or a tenth more; see `trimHistory`. */
  readonly most?: number;
  readonly onChange?: (count: number) => void;
  /** A FerryError `history-not-kept`: what could not be written is in memory only. */
  readonly onProblem: (error: FerryError) => void;
}

/** What was sent before, from a source in the state that these figures tell. */
export interface SourceState {
  /** Absolute, in any order. */
  readonly paths: readonly string[];
  /** Bytes on disk, of all files together. */
  readonly size: number;
  /** Of the file that was changed last. */
  readonly mtimeMs: number;
  /** How many files that go one by one; null for what becomes one object. */
  readonly files: number | null;
}

// With some 700 bytes each.
const mostEntries = 20_000;

/**
 * Uploads that have ended, in a file of JSON lines that is only appended to, its user's alone. It is
 * read when it is first needed, and written anew once a tenth more lines are in it than are kept. A
 * line that cannot be understood is passed over.
 */
export class History {
  readonly #options: HistoryOptions;
  readonly #most: number;
  /** The oldest first. */
  #entries: KeptEntry[] = [];
  #lines = 0;
  /** A crash in the middle of a line: the next one begins below it. */
  #isTorn = false;
  #isRead = false;
  #incoming: KeptEntry[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#most = options.most ?? mostEntries;
  }

  /** Takes it in at once; `settled` tells when it is on disk. */
  add(entry: KeptEntry): void {
    this.#incoming.push(entry);
    // Those that come while the disk is busy go together.
    if (this.#incoming.length === 1) void this.#inOrder(() => this.#take());
  }

  async page({ offset, limit, ...filter }: HistoryQuery): Promise<HistoryPage> {
    const all = await this.#all();
    const found = historyRows(all, historyFilter(filter));
    return { rows: found.slice(offset, offset + limit), found: found.length, count: new Set(all.map(rowIdOf)).size };
  }

  /** Of a folder's files the last try of each. */
  async files({ folderId, offset, limit, ...filter }: HistoryFilesQuery): Promise<HistoryFilesPage> {
    const files = foldersIn(await this.#all()).get(folderId)?.lastTries.values() ?? [];
    const found = [...files].filter(historyFilter(filter)).reverse();
    return { entries: found.slice(offset, offset + limit).map(historyView), found: found.length };
  }

  /** Every entry that a filter finds, the newest first. */
  async find(filter: HistoryFilter): Promise<readonly HistoryEntry[]> {
    return (await this.#all()).filter(historyFilter(filter)).reverse().map(historyView);
  }

  /** What a row of the window stands for, by its ID: an upload, or the newest of a folder's. */
  async kept(rowId: string): Promise<KeptEntry | null> {
    return (await this.#all()).findLast((entry) => entry.id === rowId || entry.folder?.id === rowId) ?? null;
  }

  /** For each of these the newest upload that was done of the very same paths in the very same state; null where there is none. */
  async uploadedBefore(sources: readonly SourceState[]): Promise<readonly (HistoryEntry | null)[]> {
    const sent = sentBefore(await this.#all());
    return sources.map((source) => {
      const entry = sent.get(stateKey(source));
      return entry ? historyView(entry) : null;
    });
  }

  /** Forgets everything, on disk as well; throws `history-not-kept`. */
  clear(): Promise<void> {
    return this.#inOrder(async () => {
      await this.#read();
      await rm(this.#options.file, { force: true }).catch((error: unknown) => { throw this.#notKept(error); });
      this.#entries = [];
      this.#lines = 0;
      this.#isTorn = false;
      this.#options.onChange?.(0);
    });
  }

  /** Settles when everything is on disk. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #all(): Promise<readonly KeptEntry[]> {
    await this.#inOrder(() => this.#read());
    return this.#entries;
  }

  async #take(): Promise<void> {
    await this.#read();
    const taken = this.#incoming;
    this.#incoming = [];
    this.#entries = [...this.#entries, ...taken];
    try {
      await this.#append(taken);
    } catch (error) {
      this.#options.onProblem(this.#notKept(error));
    }
    this.#options.onChange?.(this.#entries.length);
  }

  async #append(taken: readonly KeptEntry[]): Promise<void> {
    const { file } = this.#options;
    if (this.#lines + taken.length > this.#most * 1.1) {
      this.#entries = trimHistory(this.#entries, this.#most);
      await writeFileAtomically(file, asLines(this.#entries));
      this.#lines = this.#entries.length;
    } else {
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      await appendFile(file, (this.#isTorn ? '\n' : '') + asLines(taken), { mode: 0o600 });
      this.#lines += taken.length;
    }
    this.#isTorn = false;
  }

  async #read(): Promise<void> {
    if (this.#isRead) return;
    this.#isRead = true;
    let text: string;
    try {
      text = await readFile(this.#options.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') this.#options.onProblem(this.#notKept(error));
      return;
    }
    const lines = text.split('\n');
    this.#isTorn = lines.pop() !== '';
    this.#lines = lines.length;
    this.#entries = lines.flatMap(entryOf);
  }

  #inOrder<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#last.then(task);
    this.#last = done.catch(() => undefined);
    return done;
  }

  #notKept(error: unknown): FerryError {
    return new FerryError({ code: 'history-not-kept', params: { file: this.#options.file }, detail: (error as Error).message }, { cause: error });
  }
}

const stateKey = ({ paths, size, mtimeMs, files }: SourceState): string => JSON.stringify([size, mtimeMs, files, ...[...paths].sort()]);

/** What was done, by the state of its source; of several the newest. */
function sentBefore(entries: readonly KeptEntry[]): ReadonlyMap<string, KeptEntry> {
  const sent = new Map<string, KeptEntry>();
  for (const entry of entries) {
    const { outcome, source, paths } = entry;
    if (outcome === 'done' && source) sent.set(stateKey({ paths, size: source.bytes, mtimeMs: source.modifiedAtMs, files: null }), entry);
  }
  for (const { folder, figures, lastTries } of foldersIn(entries).values()) {
    const { done, failed, cancelled, sourceBytes, modifiedAtMs } = figures;
    const newest = [...lastTries.values()].reduce((one, other) => (other.finishedAtMs >= one.finishedAtMs ? other : one));
    if (failed + cancelled === 0) sent.set(stateKey({ paths: [folder.path], size: sourceBytes, mtimeMs: modifiedAtMs, files: done }), newest);
  }
  return sent;
}

const asLines = (entries: readonly KeptEntry[]): string => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

function entryOf(line: string): KeptEntry[] {
  try {
    return [v.parse(keptEntrySchema, JSON.parse(line))];
  } catch {
    return [];
  }
}
