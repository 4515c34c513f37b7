import { appendFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { HistoryEntry, HistoryPage, HistoryQuery } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';
import { writeFileAtomically } from '../settings/write-file-atomically.ts';
import { historyView, keptEntrySchema, type KeptEntry } from './history-entry.ts';
import { historySearch } from './search-history.ts';

export interface HistoryOptions {
  readonly file: string;
  /** Beyond this the oldest go. */
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
}

const mostEntries = 10_000;

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

  async page({ search, offset, limit }: HistoryQuery): Promise<HistoryPage> {
    const found = await this.#found(search);
    return { entries: found.slice(offset, offset + limit).map(historyView), found: found.length, count: this.#entries.length };
  }

  /** Every entry that a search finds, the newest first. */
  async find(search: string): Promise<readonly HistoryEntry[]> {
    return (await this.#found(search)).map(historyView);
  }

  /** The newest upload that was done of the very same paths in the very same state; null where there is none. */
  async uploadedBefore({ paths, size, mtimeMs }: SourceState): Promise<HistoryEntry | null> {
    const asked = pathsKey(paths);
    const found = (await this.#found('')).find(({ outcome, source, paths: sent }) =>
      outcome === 'done' && source?.bytes === size && source.modifiedAtMs === mtimeMs && pathsKey(sent) === asked);
    return found ? historyView(found) : null;
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

  async #found(search: string): Promise<KeptEntry[]> {
    await this.#inOrder(() => this.#read());
    return this.#entries.filter(historySearch(search)).reverse();
  }

  async #take(): Promise<void> {
    await this.#read();
    const taken = this.#incoming;
    this.#incoming = [];
    this.#entries = [...this.#entries, ...taken].slice(-this.#most);
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
    this.#entries = lines.flatMap(entryOf).slice(-this.#most);
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

const pathsKey = (paths: readonly string[]): string => [...paths].sort().join('\0');

const asLines = (entries: readonly KeptEntry[]): string => entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

function entryOf(line: string): KeptEntry[] {
  try {
    return [v.parse(keptEntrySchema, JSON.parse(line))];
  } catch {
    return [];
  }
}
