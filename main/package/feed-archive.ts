import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { ZipArchive, ZipEntryData } from 'archiver';
import type { PackageEntry } from './package-entry.ts';
import { readBytes, readSource } from './read-source.ts';
import { isStored } from './stored-kinds.ts';

type FileEntry = Extract<PackageEntry, { kind: 'file' }>;

/** What archiver takes and its types leave out. */
interface EntryData extends ZipEntryData {
  readonly linkname?: string;
}

const linkMode = 0o777;
// archiver strips one of these from a name in three places, as if it were a drive.
const driveLike = /^\w+:/;
const driveGuard = 'x:x:x:';

/**
 * Puts the entries into the archive one after the other, each opened only when its turn has come
 * and the archive has room. Reports bytes as they are read from disk; throws what `readSource`
 * throws and the abort reason, with every file closed.
 */
export async function feedArchive(
  archive: ZipArchive,
  entries: readonly PackageEntry[],
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<void> {
  for (const entry of entries) {
    signal.throwIfAborted();
    if (entry.kind === 'file' && entry.identity.size > readBytes) {
      await appendLarge(archive, entry, signal, onRead);
      continue;
    }
    const data = entry.kind === 'file' ? await readWhole(entry, signal) : Buffer.alloc(0);
    // archiver takes a buffer at once, even when nobody reads on the other side.
    while (archive.writableNeedDrain) await once(archive, 'drain', { signal });
    onRead(data.length);
    const taken = once(archive, 'entry', { signal });
    archive.append(data, entryData(entry));
    await taken;
  }
}

async function readWhole(entry: FileEntry, signal: AbortSignal): Promise<Buffer> {
  let whole: Buffer = Buffer.alloc(0);
  for await (const buffer of readSource(entry.path, entry.name, entry.identity, signal)) whole = buffer;
  return whole;
}

async function appendLarge(
  archive: ZipArchive,
  entry: FileEntry,
  signal: AbortSignal,
  onRead: (bytes: number) => void,
): Promise<void> {
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const source = Readable.from(counted(readSource(entry.path, entry.name, entry.identity, signal), onRead), {
    objectMode: false,
    highWaterMark: readBytes,
  });
  const closed = new Promise<void>((resolve) => source.once('close', resolve));
  // archiver does not see a source fail: it would wait for the rest for ever.
  source.once('error', (error) => stop.abort(error));
  try {
    const taken = once(archive, 'entry', { signal: either });
    archive.append(source, entryData(entry));
    await taken;
  } catch (error) {
    throw either.aborted ? either.reason : error;
  } finally {
    source.destroy();
    await closed;
  }
}

async function* counted(source: AsyncIterable<Buffer>, onRead: (bytes: number) => void): AsyncGenerator<Buffer, void> {
  for await (const buffer of source) {
    onRead(buffer.length);
    yield buffer;
  }
}

function entryData(entry: PackageEntry): EntryData {
  const name = driveLike.test(entry.name) ? driveGuard + entry.name : entry.name;
  switch (entry.kind) {
    case 'file':
      return {
        name,
        date: new Date(entry.identity.mtimeMs),
        mode: entry.mode,
        // Deflated, an empty file would take more room than stored, and an odd flag with it.
        store: entry.identity.size === 0 || isStored(entry.name),
      };
    case 'folder':
      return { name, type: 'directory', date: new Date(entry.mtimeMs), mode: entry.mode };
    case 'symlink':
      return { name, type: 'symlink', linkname: entry.target, date: new Date(entry.mtimeMs), mode: linkMode };
  }
}
