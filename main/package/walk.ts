import { isUtf8 } from 'node:buffer';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FerryError } from '../ferry-error.ts';
import { identityOf, type FileIdentity } from './file-identity.ts';
import { inBatches } from './in-batches.ts';
import { inNameOrder } from './name-order.ts';
import { sourceError } from './source-error.ts';

/** One thing in a folder. `name` is relative to that folder, with forward slashes. */
export type Found =
  | {
      readonly kind: 'file' | 'folder' | 'symlink';
      readonly name: string;
      readonly path: string;
      readonly mode: number;
      readonly identity: FileIdentity;
    }
  | { readonly kind: 'special'; readonly name: string; readonly path: string }
  | { readonly kind: 'failed'; readonly name: string; readonly error: FerryError };

/** Told how many more things were found, as often as there are folders. */
export type OnFound = (more: number) => void;

interface Folder {
  readonly name: string;
  readonly path: string;
}

const foldersAtOnce = 4;
const entriesAtOnce = 64;

/**
 * Everything below a folder, in name order, links not followed. What cannot be looked at is
 * `failed`, with `source-unreadable` or `source-vanished`; only an abort makes it throw.
 */
export async function walk(root: string, signal: AbortSignal, onFound: OnFound = () => undefined): Promise<Found[]> {
  const found: Found[] = [];
  let level: Folder[] = [{ name: '', path: root }];
  while (level.length > 0) {
    const next: Folder[] = [];
    const lists = await inBatches(level, foldersAtOnce, signal, async (folder) => {
      const entries = await readFolder(folder, signal);
      onFound(entries.length);
      return entries;
    });
    for (const entry of lists.flat()) {
      found.push(entry);
      if (entry.kind === 'folder') next.push(entry);
    }
    level = next;
  }
  return inNameOrder(found);
}

async function readFolder(folder: Folder, signal: AbortSignal): Promise<Found[]> {
  let names: Buffer[];
  try {
    names = await readdir(folder.path, { encoding: 'buffer' });
  } catch (error) {
    return [failed(folder.name, error)];
  }
  return inBatches(names, entriesAtOnce, signal, (name) => look(folder, name));
}

async function look(folder: Folder, rawName: Buffer): Promise<Found> {
  const base = rawName.toString();
  const name = folder.name === '' ? base : `${folder.name}/${base}`;
  // A name of other bytes can be neither an object's key nor a zip's UTF-8 name, and Node cannot open it.
  if (!isUtf8(rawName)) {
    return failed(name, new FerryError({ code: 'source-unreadable', params: { name }, detail: 'Its name is not valid UTF-8.' }));
  }
  const path = join(folder.path, base);
  try {
    const stats = await lstat(path);
    const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'symlink' : 'special';
    // Not the stats themselves: 100,000 of those are 80 MB.
    return kind === 'special' ? { kind, name, path } : { kind, name, path, mode: stats.mode, identity: identityOf(stats) };
  } catch (error) {
    return failed(name, error);
  }
}

function failed(name: string, error: unknown): Found {
  const known = sourceError(error, name, 'source-vanished');
  if (known instanceof FerryError) return { kind: 'failed', name, error: known };
  throw known;
}
