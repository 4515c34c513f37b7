import { stat } from 'node:fs/promises';
import { FerryError } from '../ferry-error.ts';
import type { Chunk, Content } from './content.ts';
import { identityOf } from './file-identity.ts';
import { tryToOpen } from './open-for-reading.ts';
import { smallFileBytes } from './read-range.ts';
import { readSource } from './read-source.ts';
import { sourceError } from './source-error.ts';

/**
 * A file as it is, sent under `name`. Throws `source-missing`, `source-not-a-file`
 * or, for all but small files, `source-unreadable`; any change after this makes `bytes` throw before its last chunk.
 */
export async function fileContent(path: string, name: string): Promise<Content> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new FerryError({ code: 'source-not-a-file', params: { name } });
    // A small file is read before anything else is done with it.
    if (stats.size > smallFileBytes) await tryToOpen(path);
    const identity = identityOf(stats);
    return {
      name,
      packed: false,
      sourceBytes: identity.size,
      modifiedAtMs: identity.mtimeMs,
      maxBytes: identity.size,
      leftOut: [],
      file: { path, name, identity },
      async *bytes(signal: AbortSignal): AsyncGenerator<Chunk> {
        for await (const data of readSource(path, name, identity, signal)) {
          yield { data, sourceBytes: data.length };
        }
      },
    };
  } catch (error) {
    throw sourceError(error, name, 'source-missing');
  }
}
