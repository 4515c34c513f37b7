import { blockBytes } from './pack-ahead.ts';
import type { PackageEntry } from './package-entry.ts';
import { storedBlocksOverhead } from './stored-blocks.ts';
import { endBytes, recordBytesPerEntry } from './zip-records.ts';

/** At least as many bytes as the zip of these entries comes to. */
export function archiveBound(entries: readonly PackageEntry[]): number {
  return entries.reduce((sum, entry) => sum + entryBound(entry), endBytes);
}

/** At least as many bytes as a file of `size` bytes comes to in a package: what does not shrink is kept as it is. */
export function packedBound(size: number): number {
  if (size <= blockBytes) return size;
  const whole = Math.floor(size / blockBytes);
  return size + whole * storedBlocksOverhead(blockBytes) + storedBlocksOverhead(size % blockBytes);
}

function entryBound(entry: PackageEntry): number {
  const nameBytes = Buffer.byteLength(entry.name) + (entry.kind === 'folder' ? 1 : 0);
  return recordBytesPerEntry + 2 * nameBytes + dataBound(entry);
}

function dataBound(entry: PackageEntry): number {
  if (entry.kind === 'folder') return 0;
  return entry.kind === 'symlink' ? Buffer.byteLength(entry.target) : packedBound(entry.identity.size);
}
