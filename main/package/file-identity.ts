import type { Stats } from 'node:fs';

/** What tells one state of a file from another without reading it. */
export interface FileIdentity {
  readonly size: number;
  readonly mtimeMs: number;
  readonly inode: number;
}

// On Windows the two calls that give a file's number disagree on some file systems.
const inodeIsTrustworthy = process.platform !== 'win32';

export function identityOf(stats: Stats): FileIdentity {
  return { size: stats.size, mtimeMs: stats.mtimeMs, inode: inodeIsTrustworthy ? stats.ino : 0 };
}

export function sameIdentity(a: FileIdentity, b: FileIdentity): boolean {
  return a.size === b.size && a.mtimeMs === b.mtimeMs && a.inode === b.inode;
}
