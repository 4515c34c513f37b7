import type { PackageEntry } from './package-entry.ts';
import { isStored } from './stored-kinds.ts';

// APPNOTE 4.3: fixed parts of the records, with the zip64 forms of all of them.
const localHeaderBytes = 30;
const dataDescriptorBytes = 24;
const centralHeaderBytes = 46 + 28;
const endBytes = 22 + 56 + 20;

/** More bytes than the zip of these entries can come to. */
export function archiveBound(entries: readonly PackageEntry[]): number {
  return entries.reduce((sum, entry) => sum + entryBound(entry), endBytes);
}

function entryBound(entry: PackageEntry): number {
  const nameBytes = Buffer.byteLength(entry.name) + (entry.kind === 'folder' ? 1 : 0);
  return localHeaderBytes + dataDescriptorBytes + centralHeaderBytes + 2 * nameBytes + dataBound(entry);
}

function dataBound(entry: PackageEntry): number {
  if (entry.kind === 'folder') return 0;
  if (entry.kind === 'symlink') return Buffer.byteLength(entry.target);
  const { size } = entry.identity;
  // zlib's deflateBound is 0.03 % and 13 bytes; three times that leaves room for other builds of it.
  return isStored(entry.name) ? size : size + Math.ceil(size / 1000) + 64;
}
