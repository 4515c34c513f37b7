import { readFileSync } from 'node:fs';
import { appendFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { FerryError } from '../ferry-error.ts';
import { writeFileAtomically } from '../settings/write-file-atomically.ts';
import { dropLineSchema, dropRecordSchema, sourceIdOf, type DropLine, type DropListing, type DropRecord, type OpenDrop, type Standing } from './drop-record.ts';
import { readJson, readKept, removeFile } from './journal-files.ts';
import { KeptDrop } from './kept-drop.ts';
import { OrderedWrites } from './ordered-writes.ts';

const recordSuffix = '.drop.json';
const logSuffix = '.log';

/**
 * What was dropped and is not done, on disk: one file a drop, written for good before anything is
 * made of it and once more when all of it was looked at, and beside it a log of what has become of
 * its uploads. So a drop of thousands of small files costs two files. The log is not waited for:
 * when the power goes, its last lines may go too, and what they told is done once more.
 */
export class DropJournal {
  readonly #directory: string;
  readonly #writes = new OrderedWrites();
  readonly #drops = new Map<string, KeptDrop>();
  readonly #dropOfSource = new Map<string, KeptDrop>();
  readonly #onGone: (sourceIds: readonly string[]) => void;

  /** `onGone`: nothing is left to do of a drop with these sources. */
  constructor(directory: string, onGone: (sourceIds: readonly string[]) => void = () => undefined) {
    this.#directory = directory;
    this.#onGone = onGone;
  }

  /** Every drop that can be understood, in the order they came; the others are set aside and reported. */
  async readAll(onUnreadable: (error: FerryError) => void): Promise<readonly OpenDrop[]> {
    await mkdir(this.#directory, { recursive: true, mode: 0o700 });
    const names = await readdir(this.#directory);
    const records = await readKept(this.#directory, names.filter((name) => name.endsWith(recordSuffix)), recordSuffix, logSuffix, dropRecordSchema, onUnreadable);
    for (const record of records) this.#keep(record).read(readLines(this.#file(record.id, logSuffix)));
    for (const name of names) {
      if (!name.endsWith(logSuffix) || this.#drops.has(name.slice(0, -logSuffix.length))) continue;
      await removeFile(path.join(this.#directory, name)).catch(() => undefined);
    }
    return records.sort((a, b) => a.addedAtMs - b.addedAtMs).flatMap(({ id }) => this.#drops.get(id) ?? []);
  }

  /** Every drop that can be understood, and nothing changed: for what another process may be writing. */
  async peek(): Promise<readonly OpenDrop[]> {
    const names = await readdir(this.#directory).catch(() => []);
    return names.filter((name) => name.endsWith(recordSuffix)).flatMap((name) => {
      const record = readJson(path.join(this.#directory, name), dropRecordSchema);
      if (typeof record === 'string') return [];
      const drop = new KeptDrop(record);
      drop.read(readLines(this.#file(record.id, logSuffix)));
      return [drop];
    });
  }

  /** The drop is on disk for good once this has settled. Another of the same ID replaces it. */
  begin(record: DropRecord): Promise<void> {
    this.#keep(record);
    return this.#write(record.id);
  }

  /** All of it was looked at. */
  listed(dropId: string, listing: DropListing): Promise<void> {
    const drop = this.#drops.get(dropId);
    if (!drop) return Promise.resolve();
    drop.record = { ...drop.record, listing };
    for (const { id } of listing.sources) this.#dropOfSource.set(id, drop);
    return drop.isOver() ? this.remove(dropId) : this.#write(dropId);
  }

  /** The drop that a source is of; null once nothing of it is left to do. */
  of(sourceId: string): OpenDrop | null {
    return this.#dropOfSource.get(sourceId) ?? null;
  }

  /** How one of its uploads stands; what is known already is not written again. */
  note(sourceId: string, standing: Standing): Promise<void> {
    const drop = this.#dropOfSource.get(sourceId);
    return drop?.isNews(standing) ? this.#log(drop, standing) : Promise.resolve();
  }

  /** A source goes under this prefix from now on. */
  addPrefix(sourceId: string, prefix: string): Promise<void> {
    const drop = this.#dropOfSource.get(sourceId);
    return drop ? this.#log(drop, { source: sourceId, prefix }) : Promise.resolve();
  }

  /** Nothing is left to do of an upload, or of a source that has none. With the last of them the drop's files go. */
  async end(sourceId: string, id = sourceId): Promise<void> {
    const drop = this.#dropOfSource.get(sourceId);
    if (!drop || drop.ended.has(id)) return;
    const logged = this.#log(drop, { ended: id });
    await (drop.isOver() ? this.remove(drop.record.id) : logged);
  }

  async remove(dropId: string): Promise<void> {
    const drop = this.#drops.get(dropId);
    if (!drop) return;
    this.#drops.delete(dropId);
    const sourceIds = [...this.#dropOfSource].filter(([, of]) => of === drop).map(([id]) => id);
    for (const id of sourceIds) this.#dropOfSource.delete(id);
    drop.unwritten = [];
    const file = this.#file(dropId, recordSuffix);
    await this.#writes.add(dropId, file, async () => {
      // In this order: a log without its drop is cleared away, a drop without its log would begin anew.
      await removeFile(file);
      await removeFile(this.#file(dropId, logSuffix));
    });
    this.#onGone(sourceIds);
  }

  /** A crash may have come between the end of a drop's last upload and that of its files. */
  async removeIfOver(dropId: string): Promise<boolean> {
    if (!this.#drops.get(dropId)?.isOver()) return false;
    await this.remove(dropId);
    return true;
  }

  settled(): Promise<void> {
    return this.#writes.settled();
  }

  #keep(record: DropRecord): KeptDrop {
    const drop = this.#drops.get(record.id) ?? new KeptDrop(record);
    drop.record = record;
    this.#drops.set(record.id, drop);
    const sourceIds = [...['', ...record.paths].map((dropped) => sourceIdOf(record.id, dropped)), ...record.listing?.sources.map(({ id }) => id) ?? []];
    for (const id of sourceIds) this.#dropOfSource.set(id, drop);
    return drop;
  }

  #write(dropId: string): Promise<void> {
    const file = this.#file(dropId, recordSuffix);
    return this.#writes.add(dropId, file, async () => {
      const drop = this.#drops.get(dropId);
      if (drop) await writeFileAtomically(file, JSON.stringify(drop.record));
    });
  }

  /** Lines that come while others are being written go together. */
  #log(drop: KeptDrop, line: DropLine): Promise<void> {
    drop.take(line);
    // The newline comes first, so that a line that was cut short spoils no other.
    drop.unwritten.push(`\n${JSON.stringify(line)}`);
    if (drop.unwritten.length > 1) return drop.writing;
    const file = this.#file(drop.record.id, logSuffix);
    drop.writing = this.#writes.add(drop.record.id, file, async () => {
      const lines = drop.unwritten.splice(0);
      if (lines.length > 0) await appendFile(file, lines.join(''), { mode: 0o600 });
    });
    return drop.writing;
  }

  #file(dropId: string, suffix: string): string {
    return path.join(this.#directory, dropId + suffix);
  }
}

/** Those that can be understood: a crash may have cut the last one short. */
function readLines(file: string): DropLine[] {
  try {
    return readFileSync(file, 'utf8').split('\n').flatMap((line) => {
      const parsed = v.safeParse(dropLineSchema, parseJson(line));
      return parsed.success ? [parsed.output] : [];
    });
  } catch {
    return [];
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
