import { FerryError } from '../ferry-error.ts';

/**
 * Throws `name-unsafe` for a name that means another place elsewhere: a backslash separates folders
 * on Windows (a zip's names have forward slashes only, APPNOTE 4.4.17.1; COS takes no such key), and
 * control characters hide in every list. Names with forward slashes are judged as a whole.
 */
export function refuseUnsafeName(name: string): void {
  const climbs = name.split('/').some((segment) => segment === '..' || segment === '.');
  if (climbs || name.startsWith('/') || /[\\\p{Cc}]/u.test(name)) throw new FerryError({ code: 'name-unsafe', params: { name } });
}
