import { isUtf8 } from 'node:buffer';
import { closeSync, lstatSync, openSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from './file-identity.ts';
import { JobError, jobFailure } from './job-error.ts';
import { readFlags } from './open-for-reading.ts';
import { factsPerName, lookKinds, notUtf8, type FolderLook, type JobFailure } from './worker-jobs.ts';

/** What each of these folders holds, in the system's order. What cannot be looked at says why. */
export function lookIntoFolders(paths: readonly string[]): (FolderLook | JobFailure)[] {
  return paths.map((path) => {
    try {
      return lookIntoFolder(path);
    } catch (error) {
      return jobFailure(error, 0);
    }
  });
}

function lookIntoFolder(path: string): FolderLook {
  const rawNames = readdirSync(path, { encoding: 'buffer' });
  const names: string[] = [];
  const facts = new Float64Array(rawNames.length * factsPerName);
  const failures = new Map<number, JobFailure>();
  for (const [index, rawName] of rawNames.entries()) {
    const name = rawName.toString();
    names.push(name);
    // A name of other bytes can be neither an object's key nor a zip's UTF-8 name, and Node cannot open it.
    if (!isUtf8(rawName)) {
      failures.set(index, { message: 'Its name is not valid UTF-8.', code: notUtf8, index });
      continue;
    }
    try {
      const stats = lstatSync(join(path, name));
      const { size, mtimeMs, inode } = identityOf(stats);
      facts.set([lookKinds.indexOf(kindOf(stats)), stats.mode, size, mtimeMs, inode], index * factsPerName);
    } catch (error) {
      failures.set(index, jobFailure(error, index));
    }
  }
  return { names, facts, failures };
}

function kindOf(stats: Stats): (typeof lookKinds)[number] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'symlink' : 'special';
}

/** Opens and closes each of these files. Throws a JobError for the first that cannot be opened. */
export function openEach(paths: readonly string[]): null {
  for (const [index, path] of paths.entries()) {
    try {
      closeSync(openSync(path, readFlags));
    } catch (error) {
      throw new JobError(jobFailure(error, index), { cause: error });
    }
  }
  return null;
}
