import { readFileSync } from 'node:fs';
import { appendFile, mkdir, readdir, readFile, rename, rm, unlink } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import * as v from 'valibot';
import { FerryError } from '../ferry-error.ts';
import { writeFileAtomically } from '../settings/write-file-atomically.ts';
import type { HeldPart } from '../transfer/object-store.ts';
import { atMost } from './at-most.ts';
import { journalEntrySchema, type JournalEntry } from './journal-entry.ts';

const readAtOnce = 200;
// Each holds a file open, and a dropped folder may have more files than a process may open.
const writtenAtOnce = 8;

/**
 * What is unfinished, on disk: one file an upload, written whole and atomically, and beside it the
 * parts COS has confirmed, a line each. Throws `settings-not-saved` where it cannot be written.
 */
export class Journal {
  readonly #directory: string;
  readonly #writing = new Map<string, Promise<void>>();
  /** Entries that wait for their turn. */
  readonly #newest = new Map<string, { entry: JournalEntry }>();
  readonly #inTurn = atMost(writtenAtOnce);

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Every entry that can be understood, in queue order. The others (from a newer version, cut
   * short, changed) are set aside under another name and reported; they never take the rest down.
   */
  async readAll(onUnreadable: (error: FerryError) => void): Promise<readonly JournalEntry[]> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const names = await readdir(this.#directory);
    const files = names.filter((name) => name.endsWith('.json'));
    const entries: JournalEntry[] = [];
    for (let start = 0; start < files.length; start += readAtOnce) {
      for (const name of files.slice(start, start + readAtOnce)) {
        // Not awaited file by file: of twenty thousand small ones that would be most of the time.
        const entry = readEntry(path.join(this.#directory, name));
        if (typeof entry === 'object' && `${entry.id}.json` === name) entries.push(entry);
        else onUnreadable(await this.#setAside(name, typeof entry === 'object' ? 'damaged' : entry));
      }
      await turn();
    }
    const known = new Set(entries.map((entry) => `${entry.id}.parts`));
    const leftOver = names.filter((name) => name.endsWith('.tmp') || (name.endsWith('.parts') && !known.has(name)));
    for (const name of leftOver) await rm(path.join(this.#directory, name), { force: true }).catch(() => undefined);
    return entries.sort((a, b) => a.order - b.order);
  }

  /** Every entry that can be understood, and nothing changed: for one that another process may be writing. */
  async peek(): Promise<readonly JournalEntry[]> {
    const names = await readdir(this.#directory).catch(() => []);
    return names.filter((name) => name.endsWith('.json'))
      .map((name) => readEntry(path.join(this.#directory, name)))
      .filter((entry) => typeof entry === 'object')
      .sort((a, b) => a.order - b.order);
  }

  /**
   * Replaces the upload's entry; of several that wait for their turn only the newest is written. It is
   * on disk for good only where it names a multipart upload: else it holds what can be dropped again.
   */
  write(entry: JournalEntry): Promise<void> {
    const { id } = entry;
    const newest = this.#newest.get(id) ?? { entry };
    newest.entry = entry;
    this.#newest.set(id, newest);
    return this.#inOrder(id, async () => {
      if (this.#newest.get(id) !== newest) return;
      this.#newest.delete(id);
      await writeFileAtomically(this.#file(id), JSON.stringify(newest.entry), { durable: newest.entry.multipart !== null });
    });
  }

  remove(id: string): Promise<void> {
    this.#newest.delete(id);
    return this.#inOrder(id, async () => {
      await Promise.all([removeFile(this.#file(id)), removeFile(this.#partsFile(id))]);
    });
  }

  /** Adds a confirmed part. A line that a crash cuts short is not read back. */
  addPart(id: string, part: HeldPart): Promise<void> {
    return this.#inOrder(id, () => appendFile(this.#partsFile(id), `${part.partNumber} ${part.etag} ${part.size}\n`, { mode: 0o600 }));
  }

  /** The confirmed parts of the present multipart upload. */
  async parts(id: string): Promise<readonly HeldPart[]> {
    await this.#writing.get(id);
    const text = await readFile(this.#partsFile(id), 'utf8').catch(() => '');
    return text.split('\n').slice(0, -1).flatMap((line) => {
      const match = /^(\d+) ([0-9a-f]{32}) (\d+)$/.exec(line);
      return match ? [{ partNumber: Number(match[1]), etag: match[2] ?? '', size: Number(match[3]) }] : [];
    });
  }

  /** Forgets the confirmed parts: another multipart upload begins. */
  clearParts(id: string): Promise<void> {
    return this.#inOrder(id, () => rm(this.#partsFile(id), { force: true }));
  }

  /** Settles when everything asked so far is on disk, or has failed. */
  async settled(): Promise<void> {
    await Promise.all(this.#writing.values());
  }

  #inOrder(id: string, write: () => Promise<void>): Promise<void> {
    const before = this.#writing.get(id) ?? Promise.resolve();
    const writing = before.then(() => this.#inTurn(write)).catch((error: unknown) => {
      throw new FerryError({ code: 'settings-not-saved', params: { file: this.#file(id) }, detail: (error as Error).message }, { cause: error });
    });
    const settled: Promise<void> = writing.catch(() => undefined).then(() => {
      if (this.#writing.get(id) === settled) this.#writing.delete(id);
    });
    this.#writing.set(id, settled);
    return writing;
  }

  async #setAside(name: string, reason: string): Promise<FerryError> {
    const file = path.join(this.#directory, name);
    const aside = `${file}.unreadable-${Date.now()}`;
    // Where even that fails it stays, and is named again at the next start.
    const renamed = await rename(file, aside).then(() => true, () => false);
    return new FerryError({ code: 'journal-unreadable', params: { file: renamed ? aside : file }, detail: reason });
  }

  #file(id: string): string {
    return path.join(this.#directory, `${id}.json`);
  }

  #partsFile(id: string): string {
    return path.join(this.#directory, `${id}.parts`);
  }
}

/** The entry, or why there is none. */
function readEntry(file: string): JournalEntry | string {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const parsed = v.safeParse(journalEntrySchema, content);
    if (parsed.success) return parsed.output;
    const version = (content as { version?: unknown } | null)?.version;
    return typeof version === 'number' && version > 1 ? `written by a newer version (${version})` : 'damaged';
  } catch (error) {
    return error instanceof SyntaxError ? 'damaged' : (error as Error).message;
  }
}

async function removeFile(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
