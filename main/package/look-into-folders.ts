import { isUtf8 } from 'node:buffer';
import { closeSync, lstatSync, openSync, readdirSync, type Stats } from 'node:fs';
import { sep } from 'node:path';
import { identityOf } from './file-identity.ts';
import { JobError, jobFailure } from './job-error.ts';
import { readFlags } from './open-for-reading.ts';
import { factsPerName, lookKinds, notUtf8, type FolderLook, type JobFailure } from './worker-jobs.ts';

// What Node reads bytes as that are no text; a name may also really have it.
const replacement = '\ufffd';

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
  const { names, notText } = namesIn(path);
  const inFolder = path.endsWith(sep) ? path : path + sep;
  const facts = new Float64Array(names.length * factsPerName);
  const failures = new Map<number, JobFailure>();
  for (const [index, name] of names.entries()) {
    if (notText.has(index)) {
      failures.set(index, { message: 'Its name is not valid UTF-8.', code: notUtf8, index });
      continue;
    }
    try {
      const stats = lstatSync(inFolder + name);
      const { size, mtimeMs, inode } = identityOf(stats);
      const at = index * factsPerName;
      facts[at] = lookKinds.indexOf(kindOf(stats));
      facts[at + 1] = stats.mode;
      facts[at + 2] = size;
      facts[at + 3] = mtimeMs;
      facts[at + 4] = inode;
    } catch (error) {
      failures.set(index, jobFailure(error, index));
    }
  }
  return { names, facts, failures };
}

/** A name of other bytes than UTF-8's can be neither an object's key nor a zip's name, and Node cannot open it: those are `notText`, by index. */
function namesIn(path: string): { readonly names: readonly string[]; readonly notText: ReadonlySet<number> } {
  const names = readdirSync(path);
  if (!names.some((name) => name.includes(replacement))) return { names, notText: new Set() };
  const rawNames = readdirSync(path, { encoding: 'buffer' });
  return {
    names: rawNames.map((rawName) => rawName.toString()),
    notText: new Set(rawNames.flatMap((rawName, index) => (isUtf8(rawName) ? [] : [index]))),
  };
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
