import { sep } from 'node:path';
import { FerryError } from '../ferry-error.ts';
import type { FileIdentity } from './file-identity.ts';
import { inBatches } from './in-batches.ts';
import { JobError } from './job-error.ts';
import { inNameOrder } from './name-order.ts';
import { packageWorkers, type PackageWorkers } from './package-workers.ts';
import { sourceError } from './source-error.ts';
import { factsPerName, lookKinds, notUtf8, type FolderLook, type JobFailure } from './worker-jobs.ts';

interface FoundFacts {
  readonly name: string;
  readonly path: string;
  readonly mode: number;
  readonly identity: FileIdentity;
}

export interface FoundLink extends FoundFacts {
  readonly kind: 'symlink';
}

/** One thing in a folder. `name` is relative to that folder, with forward slashes. */
export type Found =
  | ({ readonly kind: 'file' | 'folder' } & FoundFacts)
  | FoundLink
  | { readonly kind: 'special'; readonly name: string; readonly path: string }
  | { readonly kind: 'failed'; readonly name: string; readonly error: FerryError };

/** Told how many more things were found, each time that some folders were looked into. */
export type OnFound = (more: number) => void;

interface Folder {
  readonly name: string;
  readonly path: string;
}

/** macOS keeps a folder's own icon in the resource fork of an empty file of this name, which nobody sees. */
const folderIcon = 'Icon\r';
const foldersPerJob = 16;

/**
 * Everything below a folder, in name order, links not followed. What cannot be looked at is
 * `failed`, with `source-unreadable` or `source-vanished`; only an abort makes it throw.
 */
export async function walk(root: string, signal: AbortSignal, workers: PackageWorkers = packageWorkers, onFound: OnFound = () => undefined): Promise<Found[]> {
  const all: Found[] = [];
  let level: Folder[] = [{ name: '', path: root }];
  while (level.length > 0) {
    const jobs = Array.from({ length: Math.ceil(level.length / foldersPerJob) }, (_, index) => level.slice(index * foldersPerJob, (index + 1) * foldersPerJob));
    const lists = await inBatches(jobs, 2 * workers.threads, signal, async (folders) => {
      const entries = await lookInto(folders, workers, signal);
      onFound(entries.length);
      return entries;
    });
    level = [];
    for (const entry of lists.flat()) {
      all.push(entry);
      if (entry.kind === 'folder') level.push(entry);
    }
  }
  return inNameOrder(all);
}

async function lookInto(folders: readonly Folder[], workers: PackageWorkers, signal: AbortSignal): Promise<Found[]> {
  const looks = await workers.run({ kind: 'look', folders: folders.map(({ path }) => path) }, signal);
  return looks.flatMap((look, index) => {
    const folder = folders[index] ?? { name: '', path: '' };
    return 'code' in look ? failed(folder.name, look) : found(folder, look);
  });
}

function found(folder: Folder, { names, facts, failures }: FolderLook): Found[] {
  const inFolder = folder.path.endsWith(sep) ? folder.path : folder.path + sep;
  return names.map((base, index): Found => {
    const name = folder.name === '' ? base : `${folder.name}/${base}`;
    const failure = failures.get(index);
    if (failure) return failed(name, failure);
    const path = inFolder + base;
    const fact = (which: number): number => facts[index * factsPerName + which] ?? 0;
    const kind = base === folderIcon ? 'special' : lookKinds[fact(0)] ?? 'special';
    if (kind === 'special') return { kind, name, path };
    return { kind, name, path, mode: fact(1), identity: { size: fact(2), mtimeMs: fact(3), inode: fact(4) } };
  });
}

function failed(name: string, failure: JobFailure): Found {
  if (failure.code === notUtf8) {
    return { kind: 'failed', name, error: new FerryError({ code: 'source-unreadable', params: { name }, detail: failure.message }) };
  }
  const known = sourceError(new JobError(failure), name, 'source-vanished');
  if (known instanceof FerryError) return { kind: 'failed', name, error: known };
  throw known;
}
