import { readFileSync } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import * as v from 'valibot';
import { FerryError } from '../ferry-error.ts';

const readAtOnce = 200;

/**
 * The files among `names` that can be understood. The others (from a newer version, cut short,
 * changed, of another name than their `id`) are set aside under another name, with the file `beside`
 * them that has the same name but for its suffix, and reported.
 */
export async function readKept<T extends { readonly id: string }>(
  directory: string, names: readonly string[], suffix: string, beside: string, schema: v.GenericSchema<unknown, T>, onUnreadable: (error: FerryError) => void,
): Promise<T[]> {
  const kept: T[] = [];
  for (let start = 0; start < names.length; start += readAtOnce) {
    for (const name of names.slice(start, start + readAtOnce)) {
      // Not awaited file by file: of twenty thousand small ones that would be most of the time.
      const content = readJson(path.join(directory, name), schema);
      if (typeof content === 'object' && `${content.id}${suffix}` === name) kept.push(content);
      else onUnreadable(await setAside(path.join(directory, name), path.join(directory, name.slice(0, -suffix.length) + beside), typeof content === 'object' ? 'damaged' : content));
    }
    await turn();
  }
  return kept;
}

/** The content, or in words why there is none. */
export function readJson<T extends object>(file: string, schema: v.GenericSchema<unknown, T>): T | string {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const parsed = v.safeParse(schema, content);
    if (parsed.success) return parsed.output;
    const version = (content as { version?: unknown } | null)?.version;
    return typeof version === 'number' && version > 1 ? `written by a newer version (${version})` : 'damaged';
  } catch (error) {
    return error instanceof SyntaxError ? 'damaged' : (error as Error).message;
  }
}

/** Deletes a file that may be gone already. */
export async function removeFile(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function setAside(file: string, beside: string, reason: string): Promise<FerryError> {
  const suffix = `.unreadable-${Date.now()}`;
  const aside = file + suffix;
  // Where even that fails it stays, and is named again at the next start.
  const renamed = await rename(file, aside).then(() => true, () => false);
  if (renamed) await rename(beside, beside + suffix).catch(() => undefined);
  return new FerryError({ code: 'journal-unreadable', params: { file: renamed ? aside : file }, detail: reason });
}
