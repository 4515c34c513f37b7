import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { FerryError } from '../ferry-error.ts';
import { identityOf, sameIdentity } from './file-identity.ts';
import { readFlags } from './open-for-reading.ts';
import { changed, readFailure } from './source-changed.ts';
import { sourceError } from './source-error.ts';
import type { NamedFile } from './source-file.ts';

/** A file up to this size is read at once: six short calls cost less than waiting for each of them. */
export const smallFileBytes = 256 * 1024;

/**
 * A small file's bytes, in the beginning of `into`, which has room for any; the file was the same before
 * and after, at the descriptor and at the path. null where it is not small. Throws `source-missing`, `source-not-a-file`, `source-changed`,
 * `source-vanished` or `source-unreadable`. Not for the thread that serves the window.
 */
export function readSmallFile({ path, name }: NamedFile, into: Buffer): Buffer | null {
  const descriptor = open(path, name);
  try {
    const before = fstatSync(descriptor);
    if (!before.isFile()) throw new FerryError({ code: 'source-not-a-file', params: { name } });
    if (before.size > smallFileBytes) return null;
    const data = into.subarray(0, before.size);
    for (let filled = 0; filled < data.length;) {
      const bytes = readSync(descriptor, data, filled, data.length - filled, filled);
      if (bytes === 0) throw changed(name);
      filled += bytes;
    }
    const expected = identityOf(before);
    if (![fstatSync(descriptor), statSync(path)].every((stats) => sameIdentity(identityOf(stats), expected))) throw changed(name);
    return data;
  } catch (error) {
    throw readFailure(error, name);
  } finally {
    closeSync(descriptor);
  }
}

function open(path: string, name: string): number {
  try {
    return openSync(path, readFlags);
  } catch (error) {
    throw sourceError(error, name, 'source-missing');
  }
}
