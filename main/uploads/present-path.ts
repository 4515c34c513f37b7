import { stat } from 'node:fs/promises';
import path from 'node:path';
import { FerryError } from '../ferry-error.ts';

/** The path, if something is there; throws `source-missing` where nothing is, and `request-invalid` without a path. */
export async function presentPath(found: string | undefined): Promise<string> {
  if (found === undefined) throw new FerryError({ code: 'request-invalid' });
  await stat(found).catch((error: unknown) => {
    throw new FerryError({ code: 'source-missing', params: { name: path.basename(found) } }, { cause: error });
  });
  return found;
}
