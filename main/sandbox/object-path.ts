import { createHash } from 'node:crypto';
import { extname } from 'node:path';

/** What the common file systems take for one name. */
const MAX_NAME_BYTES = 255;
const RESERVED_ON_WINDOWS = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * A key as names of folders and, last, a file, one for each segment, legal on every system.
 * What is not legal is percent-encoded, so no segment can climb out of its folder.
 */
export function pathSegments(key: string): string[] {
  return key.split('/').map((segment) => fit(encodeSegment(segment), segment));
}

/** Another name for the same segment, for where the plain one is taken. `key` makes it one of a kind. */
export function distinctName(name: string, key: string): string {
  return mark(name, key);
}

function encodeSegment(segment: string): string {
  // '%~' never comes out of percent-encoding, so it stands for what is not encoded but invented.
  if (segment === '') return '%~';
  const encoded = segment
    .replace(/[\p{Cc}%<>:"|?*\\]/gu, percent)
    // Windows drops a dot or a space at the end; this also takes '.' and '..' their meaning.
    .replace(/[. ]$/, percent);
  return RESERVED_ON_WINDOWS.test(encoded) ? percent(encoded.charAt(0)) + encoded.slice(1) : encoded;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function fit(name: string, segment: string): string {
  return Buffer.byteLength(name) <= MAX_NAME_BYTES ? name : mark(name, segment);
}

/** `name%~hash.ext`, with as much of the name as there is room for. */
function mark(name: string, identity: string): string {
  const plainExtension = extname(name);
  const extension = Buffer.byteLength(plainExtension) <= 20 ? plainExtension : '';
  const hash = `%~${createHash('sha256').update(identity).digest('hex').slice(0, 16)}`;
  let stem = '';
  let room = MAX_NAME_BYTES - Buffer.byteLength(hash + extension);
  for (const character of name.slice(0, name.length - extension.length)) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    stem += character;
  }
  return `${stem}${hash}${extension}`;
}
