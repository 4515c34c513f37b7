import { FerryError } from '../ferry-error.ts';

// A segment of one dot or two, a slash in front, or a character that is refused anywhere.
const unsafe = /(?:^|\/)\.\.?(?:\/|$)|^\/|[\\\p{Cc}\p{Cs}]/u;

/**
 * Throws `name-unsafe` for a name that means another place elsewhere: a backslash separates folders
 * on Windows (a zip's names have forward slashes only, APPNOTE 4.4.17.1; COS takes no such key), and
 * control characters hide in every list. Half a surrogate pair, which Windows allows, has no UTF-8.
 * Names with forward slashes are judged as a whole.
 */
export function refuseUnsafeName(name: string): void {
  if (unsafe.test(name)) throw new FerryError({ code: 'name-unsafe', params: { name } });
}
