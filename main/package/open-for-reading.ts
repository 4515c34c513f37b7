import { constants, open, type FileHandle } from 'node:fs/promises';
import { inBatches } from './in-batches.ts';
import type { PackageEntry } from './package-entry.ts';
import { sourceError } from './source-error.ts';

/** How a source is opened. Without O_NONBLOCK a FIFO that took its place would hold the open, and with it a thread, for ever. */
export const readingFlags = constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK);
const filesAtOnce = 32;

/** Throws the system's error. */
export function openForReading(path: string): Promise<FileHandle> {
  return open(path, readingFlags);
}

/** Throws the system's error where a file could not be read later. `access` would not do: it asks for another user, and knows no Windows ACL. */
export async function tryToOpen(path: string): Promise<void> {
  const handle = await openForReading(path);
  await handle.close();
}

/** Opens every file once, because a package that fails at its last file has wasted a night. Throws `source-unreadable` or `source-vanished`. */
export async function refuseUnreadable(entries: readonly PackageEntry[], signal: AbortSignal): Promise<void> {
  await inBatches(entries, filesAtOnce, signal, async (entry) => {
    if (entry.kind !== 'file') return;
    try {
      await tryToOpen(entry.path);
    } catch (error) {
      throw sourceError(error, entry.name, 'source-vanished');
    }
  });
}
