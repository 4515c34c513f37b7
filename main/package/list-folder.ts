import { realpath } from 'node:fs/promises';
import type { LeftOut, Problem } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';
import { describePath } from './describe-path.ts';
import { followSymlink } from './follow-symlink.ts';
import { inBatches } from './in-batches.ts';
import { sourceError } from './source-error.ts';
import { walk, type Found, type OnFound } from './walk.ts';

export interface ListedFile {
  /** `build/assets/logo.png` where `build` was dropped. */
  readonly name: string;
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

export interface FolderListing {
  readonly files: readonly ListedFile[];
  readonly leftOut: readonly LeftOut[];
  /** What should have been sent and cannot be looked at: named like the files, never to be passed over in silence. */
  readonly failed: readonly { readonly name: string; readonly problem: Problem }[];
}

const linksAtOnce = 32;

/**
 * Every file of a dropped folder, in name order. A link to a file inside counts as that file.
 * Throws `source-empty-folder` where there is nothing at all, and what `describePath` throws.
 */
export async function listFolder(folder: string, signal: AbortSignal, onFound?: OnFound): Promise<FolderListing> {
  const item = await describePath(folder);
  const prefix = item.name === '' ? '' : `${item.name}/`;
  const shown = item.name || item.path;
  const files: ListedFile[] = [];
  const leftOut: LeftOut[] = [];
  const failed: { name: string; problem: Problem }[] = [];

  const root = await realpath(item.path);
  const found = (await walk(root, signal, undefined, onFound)).filter((entry) => entry.kind !== 'folder');
  const resolved = await inBatches(found, linksAtOnce, signal, (entry) => resolveLink(root, entry));
  for (const entry of resolved) {
    if ('reason' in entry) leftOut.push({ path: entry.name, reason: entry.reason });
    else if ('size' in entry) files.push({ ...entry, name: prefix + entry.name });
    else if (entry.name === '') throw named(entry.error, shown);
    else failed.push({ name: prefix + entry.name, problem: named(entry.error, prefix + entry.name).problem });
  }
  if (files.length + failed.length + leftOut.length === 0) throw new FerryError({ code: 'source-empty-folder', params: { name: shown } });
  return { files, leftOut, failed };
}

type Resolved =
  | ListedFile
  | { readonly name: string; readonly reason: LeftOut['reason'] }
  | { readonly name: string; readonly error: FerryError };

async function resolveLink(root: string, entry: Found): Promise<Resolved> {
  const { name } = entry;
  if (entry.kind === 'failed') return { name, error: entry.error };
  if (entry.kind === 'special') return { name, reason: 'special-file' };
  const { path } = entry;
  if (entry.kind !== 'symlink') return { name, path, size: entry.identity.size, mtimeMs: entry.identity.mtimeMs };
  try {
    const end = await followSymlink(root, path);
    if (end.kind === 'left-out') return { name, reason: end.reason };
    return end.kind === 'folder' ? { name, reason: 'symlink-folder' } : { name, path, size: end.size, mtimeMs: end.mtimeMs };
  } catch (error) {
    const known = sourceError(error, name, 'source-vanished');
    if (known instanceof FerryError) return { name, error: known };
    throw known;
  }
}

function named(error: FerryError, name: string): FerryError {
  return new FerryError({ ...error.problem, params: { name } }, { cause: error });
}
