import { appendFile, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import type { FerryError } from '../ferry-error.ts';
import { writeFileAtomically } from '../settings/write-file-atomically.ts';
import type { HeldPart } from '../transfer/object-store.ts';
import { journalEntrySchema, type JournalEntry } from './journal-entry.ts';
import { readJson, readKept, removeFile } from './journal-files.ts';
import { OrderedWrites } from './ordered-writes.ts';

const suffix = '.json';
const partsSuffix = '.parts';

/**
 * The uploads that have more to say than their drop's record, on disk: one file each, written whole
 * and atomically, and beside it the parts COS has confirmed, a line each. Throws
 * `settings-not-saved` where it cannot be written.
 */
export class Journal {
  readonly #directory: string;
  readonly #writes = new OrderedWrites();
  readonly #held = new Set<string>();
  /** Entries that wait for their turn. */
  readonly #newest = new Map<string, { entry: JournalEntry }>();
  /** Parts that wait for their turn, which comes to all of them at once. */
  readonly #parts = new Map<string, { lines: string; readonly written: Promise<void> }>();

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
    const entries = await readKept(this.#directory, names.filter(isEntry), suffix, partsSuffix, journalEntrySchema, onUnreadable);
    for (const { id } of entries) this.#held.add(id);
    const known = new Set(entries.map((entry) => entry.id + partsSuffix));
    const leftOver = names.filter((name) => name.endsWith('.tmp') || (name.endsWith(partsSuffix) && !known.has(name)));
    for (const name of leftOver) await rm(path.join(this.#directory, name), { force: true }).catch(() => undefined);
    return entries.sort((a, b) => a.order - b.order);
  }

  /** Every entry that can be understood, and nothing changed: for one that another process may be writing. */
  async peek(): Promise<readonly JournalEntry[]> {
    const names = await readdir(this.#directory).catch(() => []);
    return names.filter(isEntry)
      .map((name) => readJson(path.join(this.#directory, name), journalEntrySchema))
      .filter((entry) => typeof entry === 'object')
      .sort((a, b) => a.order - b.order);
  }

  /** Whether there is an entry of this upload, or will be in a moment. */
  has(id: string): boolean {
    return this.#held.has(id);
  }

  /** Replaces the upload's entry, for good; of several that wait for their turn only the newest is written. */
  write(entry: JournalEntry): Promise<void> {
    const { id } = entry;
    this.#held.add(id);
    const newest = this.#newest.get(id) ?? { entry };
    newest.entry = entry;
    this.#newest.set(id, newest);
    return this.#writes.add(id, this.#file(id), async () => {
      if (this.#newest.get(id) !== newest) return;
      this.#newest.delete(id);
      await writeFileAtomically(this.#file(id), JSON.stringify(newest.entry));
    });
  }

  remove(id: string): Promise<void> {
    this.#newest.delete(id);
    this.#parts.delete(id);
    if (!this.#held.delete(id)) return Promise.resolve();
    return this.#writes.add(id, this.#file(id), async () => {
      await Promise.all([removeFile(this.#file(id)), removeFile(this.#partsFile(id))]);
    });
  }

  /** Adds a confirmed part. A line that a crash cuts short is not read back. */
  addPart(id: string, part: HeldPart): Promise<void> {
    const line = `${part.partNumber} ${part.etag} ${part.size}\n`;
    const waiting = this.#parts.get(id);
    if (waiting) {
      waiting.lines += line;
      return waiting.written;
    }
    const written = this.#writes.add(id, this.#partsFile(id), () => {
      if (this.#parts.get(id) === begun) this.#parts.delete(id);
      return appendFile(this.#partsFile(id), begun.lines, { mode: 0o600 });
    });
    const begun = { lines: line, written };
    this.#parts.set(id, begun);
    return written;
  }

  /** The confirmed parts of the present multipart upload. */
  async parts(id: string): Promise<readonly HeldPart[]> {
    await this.#writes.of(id);
    const text = await readFile(this.#partsFile(id), 'utf8').catch(() => '');
    return text.split('\n').slice(0, -1).flatMap((line) => {
      const match = /^(\d+) ([0-9a-f]{32}) (\d+)$/.exec(line);
      return match ? [{ partNumber: Number(match[1]), etag: match[2] ?? '', size: Number(match[3]) }] : [];
    });
  }

  /** Forgets the confirmed parts: another multipart upload begins. */
  clearParts(id: string): Promise<void> {
    this.#parts.delete(id);
    return this.#writes.add(id, this.#partsFile(id), () => rm(this.#partsFile(id), { force: true }));
  }

  /** Settles when everything asked so far is on disk, or has failed. */
  settled(): Promise<void> {
    return this.#writes.settled();
  }

  #file(id: string): string {
    return path.join(this.#directory, id + suffix);
  }

  #partsFile(id: string): string {
    return path.join(this.#directory, id + partsSuffix);
  }
}

function isEntry(name: string): boolean {
  return name.endsWith(suffix) && !name.endsWith(`.drop${suffix}`);
}
