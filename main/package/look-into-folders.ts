import { isUtf8 } from 'node:buffer';
import { closeSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf } from './file-identity.ts';
import { JobError, jobFailure } from './job-error.ts';
import { readFlags } from './open-for-reading.ts';
import { notUtf8, type FolderLook, type Seen } from './worker-jobs.ts';

/** What each of these folders holds, in the system's order. What cannot be looked at says why. */
export function lookIntoFolders(paths: readonly string[]): FolderLook[] {
  return paths.map((path) => {
    try {
      return readdirSync(path, { encoding: 'buffer' }).map((name) => look(path, name));
    } catch (error) {
      return jobFailure(error, 0);
    }
  });
}

function look(folder: string, rawName: Buffer): Seen {
  const name = rawName.toString();
  // A name of other bytes can be neither an object's key nor a zip's UTF-8 name, and Node cannot open it.
  if (!isUtf8(rawName)) return { name, failure: { message: 'Its name is not valid UTF-8.', code: notUtf8, index: 0 } };
  try {
    const stats = lstatSync(join(folder, name));
    const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'symlink' : 'special';
    // Not the stats themselves: 100,000 of those are 80 MB.
    return { name, kind, mode: stats.mode, identity: identityOf(stats) };
  } catch (error) {
    return { name, failure: jobFailure(error, 0) };
  }
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
