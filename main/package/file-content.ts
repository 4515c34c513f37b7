import { stat } from 'node:fs/promises';
import { FerryError } from '../ferry-error.ts';
import type { FileContent, SmallFileContent } from './content.ts';
import { identityOf } from './file-identity.ts';
import { tryToOpen } from './open-for-reading.ts';
import { smallFileBytes } from './read-small-file.ts';
import { sourceError } from './source-error.ts';

/**
 * A file as it is, sent under `name`; where `hint` says that it is small, it is not looked at before it is sent.
 * Throws `source-missing`, `source-not-a-file` or, for all but small files, `source-unreadable`.
 */
export async function fileContent(path: string, name: string, hint: { readonly bytes: number; readonly mtimeMs: number | null } | null): Promise<FileContent | SmallFileContent> {
  if (hint && hint.bytes <= smallFileBytes) return smallFileContent(path, name, hint.bytes, hint.mtimeMs);
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new FerryError({ code: 'source-not-a-file', params: { name } });
    const identity = identityOf(stats);
    if (identity.size <= smallFileBytes) return smallFileContent(path, name, identity.size, identity.mtimeMs);
    await tryToOpen(path);
    return { name, packed: false, sourceBytes: identity.size, modifiedAtMs: identity.mtimeMs, maxBytes: identity.size, leftOut: [], file: { path, name, identity } };
  } catch (error) {
    throw sourceError(error, name, 'source-missing');
  }
}

function smallFileContent(path: string, name: string, bytes: number, modifiedAtMs: number | null): SmallFileContent {
  return { name, packed: false, sourceBytes: bytes, modifiedAtMs, maxBytes: bytes, leftOut: [], smallFile: { path, name } };
}
