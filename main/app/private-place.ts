import path from 'node:path';

/** The places of this computer that the question is about; all absolute, without links. */
export interface Places {
  readonly home: string;
  readonly userData: string;
  readonly temporary: string;
  readonly platform: NodeJS.Platform;
}

const systemFolders: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['/boot', '/dev', '/etc', '/proc', '/root', '/run', '/sys', '/var/lib', '/var/log'],
  darwin: ['/System', '/Library', '/etc', '/private/etc', '/private/var/db', '/private/var/root', '/var/db', '/var/root', '/dev'],
  win32: ['C:\\Windows', 'C:\\ProgramData'],
};

/**
 * Whether a path lies where keys, passwords and other programs' data do, and builds hardly ever:
 * in a hidden or a system folder or this app's own, or is so high up that it holds such a folder.
 */
export function isPrivatePlace(asked: string, { home, userData, temporary, platform }: Places): boolean {
  const paths = platform === 'win32' ? path.win32 : path.posix;
  const same = (text: string): string => (platform === 'linux' ? text : text.toLowerCase());
  const within = (inner: string, outer: string): boolean => {
    const way = paths.relative(same(outer), same(inner));
    return way === '' || (way !== '..' && !way.startsWith(`..${paths.sep}`) && !paths.isAbsolute(way));
  };
  const whole = paths.normalize(asked);
  if (within(home, whole) || within(whole, userData) || within(userData, whole)) return true;
  // Windows and macOS have it among what is private.
  if (within(whole, temporary) && whole !== temporary) return isHidden(paths.relative(temporary, whole), paths.sep);
  const personal = platform === 'win32' ? [paths.join(home, 'AppData')] : platform === 'darwin' ? [paths.join(home, 'Library')] : [];
  const system = (systemFolders[platform] ?? []).filter((folder) => !within(home, folder));
  if ([...system, ...personal].some((folder) => within(whole, folder) || within(folder, whole))) return true;
  return isHidden(whole, paths.sep);
}

function isHidden(whole: string, separator: string): boolean {
  return whole.split(separator).some((segment) => segment.length > 1 && segment.startsWith('.'));
}
