import type { ZipArchive } from 'archiver';
import type { PackLevel } from '../../preload/contract.ts';
import type { ProblemCode } from '../../preload/problem-codes.ts';
import { FerryError } from '../ferry-error.ts';
import { archiveBound } from './archive-bound.ts';
import type { Chunk, Content } from './content.ts';
import { feedArchive } from './feed-archive.ts';
import { sameIdentity } from './file-identity.ts';
import { inBlocks } from './in-blocks.ts';
import { refuseUnreadable } from './open-for-reading.ts';
import type { PackageEntry } from './package-entry.ts';
import { packageName } from './package-name.ts';
import { scanForPackage, type PackageScan } from './scan-for-package.ts';
import { zipArchive } from './zip-archive.ts';

const blockBytes = 1024 * 1024;
const goneCodes: ReadonlySet<ProblemCode> = new Set(['source-missing', 'source-empty-folder', 'source-nothing-to-send'] as const);

export interface PackOptions {
  /** Another level gives other bytes. */
  readonly level?: PackLevel;
}

const zlibLevels: Readonly<Record<PackLevel, number>> = { fast: 1, balanced: 6, small: 9 };

/**
 * Dropped paths as one zip, packed while it is read. Times are UTC, so that no clock or time zone
 * changes the bytes. Throws what `scanForPackage` throws, and `source-unreadable` for any file that
 * cannot be opened; `bytes` also throws where the tree is no longer the one that was scanned, and
 * then never yields the archive's end.
 */
export async function archiveContent(paths: readonly string[], signal: AbortSignal, { level = 'balanced' }: PackOptions = {}): Promise<Content> {
  const scan = await scanForPackage(paths, signal);
  await refuseUnreadable(scan.entries, signal);
  return {
    name: packageName(scan.items),
    packed: true,
    sourceBytes: scan.sourceBytes,
    modifiedAtMs: scan.modifiedAtMs,
    maxBytes: archiveBound(scan.entries),
    leftOut: scan.leftOut,
    bytes: (bytesSignal) => pack(scan, zlibLevels[level], bytesSignal),
  };
}

async function* pack(scan: PackageScan, zlibLevel: number, signal: AbortSignal): AsyncGenerator<Chunk, void> {
  signal.throwIfAborted();
  const archive = zipArchive(zlibLevel);
  const stop = new AbortController();
  const fail = (error: unknown): void => stop.abort(error);
  const onAbort = (): void => fail(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  stop.signal.addEventListener('abort', () => archive.destroy(stop.signal.reason), { once: true });
  archive.on('error', fail);
  archive.on('warning', fail);

  let bytesRead = 0;
  let bytesTold = 0;
  const feeding = feed(archive, scan, stop.signal, (bytes) => { bytesRead += bytes; })
    // Not waited for: it settles only once everything was read.
    .then(() => void archive.finalize().catch(fail))
    .catch(fail);
  try {
    for await (const data of inBlocks(archive, blockBytes)) {
      const sourceBytes = bytesRead - bytesTold;
      bytesTold = bytesRead;
      yield { data, sourceBytes };
    }
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error;
  } finally {
    signal.removeEventListener('abort', onAbort);
    // The taker may have stopped early: nothing is left open behind it.
    stop.abort();
    await feeding;
  }
}

async function feed(archive: ZipArchive, scan: PackageScan, signal: AbortSignal, onRead: (bytes: number) => void): Promise<void> {
  await feedArchive(archive, scan.entries, signal, onRead);
  await refuseOtherTree(scan, signal);
}

/** A file that came, went or changed after its turn is seen here, before the end that makes the archive whole. */
async function refuseOtherTree(scan: PackageScan, signal: AbortSignal): Promise<void> {
  const now = await scanAgain(scan, signal);
  const before = new Map(scan.entries.map((entry) => [entry.name, entry]));
  for (const entry of now.entries) {
    const old = before.get(entry.name);
    if (!old || !sameEntry(old, entry)) throw new FerryError({ code: 'source-changed', params: { name: entry.name } });
    before.delete(entry.name);
  }
  for (const name of before.keys()) throw new FerryError({ code: 'source-vanished', params: { name } });
}

async function scanAgain(scan: PackageScan, signal: AbortSignal): Promise<PackageScan> {
  try {
    return await scanForPackage(scan.items.map((item) => item.path), signal);
  } catch (error) {
    if (!(error instanceof FerryError) || !goneCodes.has(error.problem.code)) throw error;
    throw new FerryError({ ...error.problem, code: 'source-vanished' }, { cause: error });
  }
}

function sameEntry(a: PackageEntry, b: PackageEntry): boolean {
  if (a.kind === 'file') return b.kind === 'file' && sameIdentity(a.identity, b.identity);
  if (a.kind === 'symlink') return b.kind === 'symlink' && a.target === b.target;
  return b.kind === 'folder';
}
