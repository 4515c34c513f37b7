import { stat } from 'node:fs/promises';
import { FerryError } from '../ferry-error.ts';
import type { Chunk, Content } from './content.ts';
import { identityOf } from './file-identity.ts';
import { tryToOpen } from './open-for-reading.ts';
import { readSource } from './read-source.ts';
import { sourceError } from './source-error.ts';

/**
 * A file as it is, sent under `name`. Throws `source-missing`, `source-unreadable` or
 * `source-not-a-file`; any change after this makes `bytes` throw before its last chunk.
 */
export async function fileContent(path: string, name: string): Promise<Content> {
  try {
    const stats = await stat(path);
    if (!stats.isFile()) throw new FerryError({ code: 'source-not-a-file', params: { name } });
    await tryToOpen(path);
    const identity = identityOf(stats);
    return {
      name,
      packed: false,
      sourceBytes: identity.size,
      modifiedAtMs: identity.mtimeMs,
      maxBytes: identity.size,
      leftOut: [],
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
