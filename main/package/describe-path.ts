import { opendir, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { FerryError } from '../ferry-error.ts';
import { tryToOpen } from './open-for-reading.ts';
import { sourceError } from './source-error.ts';

export interface DroppedItem {
  /** Absolute. */
  readonly path: string;
  readonly kind: 'file' | 'folder';
  /** The base name as dropped, also where a symlink was dropped; '' for a drive's root. */
  readonly name: string;
  /** Bytes of a file, 0 for a folder. */
  readonly size: number;
  readonly mtimeMs: number;
}

/**
 * Looks at what a person dropped; a symlink is followed. Throws `source-missing`,
 * `source-unreadable`, or `source-not-a-file` for a socket, FIFO or device.
 */
export async function describePath(path: string): Promise<DroppedItem> {
  const absolute = resolve(path);
  const name = basename(absolute);
  const shown = name || absolute;
  try {
    const stats = await stat(absolute);
    if (!stats.isFile() && !stats.isDirectory()) {
      throw new FerryError({ code: 'source-not-a-file', params: { name: shown } });
    }
    const folder = stats.isDirectory();
    if (folder) await (await opendir(absolute)).close();
    else await tryToOpen(absolute);
    return { path: absolute, kind: folder ? 'folder' : 'file', name, size: folder ? 0 : stats.size, mtimeMs: stats.mtimeMs };
  } catch (error) {
    throw sourceError(error, shown, 'source-missing');
  }
}

/** null where the path cannot be looked at: its upload fails with the reason, in its own row. */
export async function tryToDescribe(path: string): Promise<DroppedItem | null> {
  try {
    return await describePath(path);
  } catch {
    return null;
  }
}
