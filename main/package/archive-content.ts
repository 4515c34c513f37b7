import type { PackLevel } from '../../preload/contract.ts';
import type { ProblemCode } from '../../preload/problem-codes.ts';
import { FerryError } from '../ferry-error.ts';
import { archiveBound } from './archive-bound.ts';
import type { Chunk, PackageContent } from './content.ts';
import { sameIdentity } from './file-identity.ts';
import { packAhead } from './pack-ahead.ts';
import { deflateLevels, type DeflateLevels } from './pack-level.ts';
import type { PackageArchive } from './package-archive.ts';
import type { PackageEntry } from './package-entry.ts';
import { packageName } from './package-name.ts';
import { packageWorkers, type PackageWorkers } from './package-workers.ts';
import { PackageZip } from './package-zip.ts';
import { refuseUnreadable } from './refuse-unreadable.ts';
import { scanForPackage, type PackageScan } from './scan-for-package.ts';

const goneCodes: ReadonlySet<ProblemCode> = new Set(['source-missing', 'source-empty-folder', 'source-nothing-to-send'] as const);

export interface ArchiveOptions {
  /** `balanced` by default. The same level gives the same bytes. */
  readonly level?: PackLevel;
  /** Those of the process by default. How many they are does not change the bytes. */
  readonly workers?: PackageWorkers;
}

/**
 * Dropped paths as one zip, packed while it is read. Times are UTC, so that no clock or time zone
 * changes the bytes. Throws what `scanForPackage` throws, and `source-unreadable` for any file that
 * cannot be opened; `bytes` also throws where the tree is no longer the one that was scanned, and
 * then never yields the archive's end.
 */
export async function archiveContent(paths: readonly string[], signal: AbortSignal, options: ArchiveOptions = {}): Promise<PackageContent> {
  const { level = 'balanced', workers = packageWorkers } = options;
  const scan = await scanForPackage(paths, signal, workers);
  // archiver takes longer to load than a thousand files to open, which the threads do.
  await Promise.all([refuseUnreadable(scan.entries, workers, signal), import('./package-archive.ts')]);
  return {
    name: packageName(scan.items),
    packed: true,
    sourceBytes: scan.sourceBytes,
    modifiedAtMs: scan.modifiedAtMs,
    maxBytes: archiveBound(scan.entries),
    leftOut: scan.leftOut,
    bytes: (bytesSignal) => pack(scan, deflateLevels[level], workers, bytesSignal),
  };
}

async function* pack(scan: PackageScan, levels: DeflateLevels, workers: PackageWorkers, signal: AbortSignal): AsyncGenerator<Chunk, void> {
  const { PackageArchive } = await import('./package-archive.ts');
  signal.throwIfAborted();
  const stop = new AbortController();
  const pieces = packAhead({ entries: scan.entries, levels, workers, signal: stop.signal });
  const zip = new PackageZip(pieces);
  const archive = new PackageArchive(zip);
  const fail = (error: unknown): void => stop.abort(error);
  const onAbort = (): void => fail(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  stop.signal.addEventListener('abort', () => {
    zip.destroy();
    archive.destroy(stop.signal.reason);
  }, { once: true });
  archive.on('error', fail);
  archive.on('warning', fail);

  const feeding = feed(archive, scan, workers, stop.signal)
    // Not waited for: it settles only once everything was read.
    .then(() => void archive.finalize().catch(fail))
    .catch(fail)
    .finally(() => pieces.return());
  try {
    for await (const data of archive as AsyncIterable<Buffer>) {
      yield { data, sourceBytes: zip.sourceBytesOf(data) };
      zip.giveBack(data);
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

async function feed(archive: PackageArchive, scan: PackageScan, workers: PackageWorkers, signal: AbortSignal): Promise<void> {
  await archive.appendAll(scan.entries, signal);
  await refuseOtherTree(scan, workers, signal);
}

/** A file that came, went or changed after its turn is seen here, before the end that makes the archive whole. */
async function refuseOtherTree(scan: PackageScan, workers: PackageWorkers, signal: AbortSignal): Promise<void> {
  const now = await scanAgain(scan, workers, signal);
  if (sameTree(scan.entries, now.entries)) return;
  const before = new Map(scan.entries.map((entry) => [entry.name, entry]));
  for (const entry of now.entries) {
    const old = before.get(entry.name);
    if (!old || !sameEntry(old, entry)) throw new FerryError({ code: 'source-changed', params: { name: entry.name } });
    before.delete(entry.name);
  }
  for (const name of before.keys()) throw new FerryError({ code: 'source-vanished', params: { name } });
}

function sameTree(before: readonly PackageEntry[], now: readonly PackageEntry[]): boolean {
  return before.length === now.length && now.every((entry, index) => {
    const old = before[index];
    return old?.name === entry.name && sameEntry(old, entry);
  });
}

async function scanAgain(scan: PackageScan, workers: PackageWorkers, signal: AbortSignal): Promise<PackageScan> {
  try {
    return await scanForPackage(scan.items.map((item) => item.path), signal, workers);
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
