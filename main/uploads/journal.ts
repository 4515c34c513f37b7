import { appendFile, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { FerryError } from '../ferry-error.ts';
import { writeFileAtomically } from '../settings/write-file-atomically.ts';
import type { HeldPart } from '../transfer/object-store.ts';
import { journalEntrySchema, type JournalEntry } from './journal-entry.ts';

const readAtOnce = 64;

/**
 * What is unfinished, on disk: one file an upload, written whole and atomically, and beside it the
 * parts COS has confirmed, a line each. Throws `settings-not-saved` where it cannot be written.
 */
export class Journal {
  readonly #directory: string;
  readonly #writing = new Map<string, Promise<void>>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /**
   * Every entry that can be understood, in queue order. The others (from a newer version, cut
   * short, changed) are set aside under another name and reported; they never take the rest down.
   */
  async readAll(onUnreadable: (error: FerryError) => void): Promise<readonly JournalEntry[]> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const files = (await readdir(this.#directory)).filter((name) => name.endsWith('.json'));
    const entries: JournalEntry[] = [];
    for (let start = 0; start < files.length; start += readAtOnce) {
      const read = await Promise.all(files.slice(start, start + readAtOnce).map((name) => this.#read(name, onUnreadable)));
      entries.push(...read.filter((entry) => entry !== null));
    }
    return entries.sort((a, b) => a.order - b.order);
  }

  /** Replaces the upload's entry, after all earlier writes of it. */
  write(entry: JournalEntry): Promise<void> {
    return this.#inOrder(entry.id, () => this.#guarded(entry.id, () => writeFileAtomically(this.#file(entry.id), JSON.stringify(entry))));
  }

  /** Adds a confirmed part. A line that a crash cuts short is not read back. */
  addPart(id: string, part: HeldPart): Promise<void> {
    return this.#inOrder(id, () => this.#guarded(id, () => appendFile(this.#partsFile(id), `${part.partNumber} ${part.etag} ${part.size}\n`, { mode: 0o600 })));
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

  async remove(id: string): Promise<void> {
    await this.#inOrder(id, async () => {
      await rm(this.#file(id), { force: true });
      await rm(this.#partsFile(id), { force: true });
    });
    this.#writing.delete(id);
  }

  /** Settles when everything asked so far is on disk. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writing.values());
  }

  async #read(name: string, onUnreadable: (error: FerryError) => void): Promise<JournalEntry | null> {
    const file = path.join(this.#directory, name);
    const text = await readFile(file, 'utf8');
    const parsed = v.safeParse(journalEntrySchema, parseJson(text));
    if (parsed.success && `${parsed.output.id}.json` === name) return parsed.output;
    const aside = `${file}.unreadable`;
    await rename(file, aside);
    const version = (parseJson(text) as { version?: unknown } | undefined)?.version;
    onUnreadable(new FerryError({
      code: 'journal-unreadable',
      params: { file: aside },
      detail: typeof version === 'number' && version > 1 ? `written by a newer version (${version})` : 'damaged',
    }));
    return null;
  }

  #inOrder(id: string, write: () => Promise<void>): Promise<void> {
    const writing = (this.#writing.get(id) ?? Promise.resolve()).then(write);
    this.#writing.set(id, writing.catch(() => undefined));
    return writing;
  }

  async #guarded(id: string, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      throw new FerryError({ code: 'settings-not-saved', params: { file: this.#file(id) }, detail: (error as Error).message }, { cause: error });
    }
  }

  #file(id: string): string {
    return path.join(this.#directory, `${id}.json`);
  }

  #partsFile(id: string): string {
    return path.join(this.#directory, `${id}.parts`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
