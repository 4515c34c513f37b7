import { homedir } from 'node:os';
import { basename, dirname, extname, relative, sep } from 'node:path';

const archiveSuffixes = ['.zip', '.rar', '.7z'];

/** True for what Cloud Application Rendering takes as it is (DescribeCosCredential, ApplicationFileName). */
export function isArchiveName(name: string): boolean {
  const lower = name.toLowerCase();
  return archiveSuffixes.some((suffix) => lower.endsWith(suffix));
}

/**
 * What the package of these absolute paths is called: after the folder, after the file without
 * its suffix, or after the folder that holds them all; `package.zip` where that is a root or the home folder.
 */
export function packageName(
  items: readonly { readonly path: string; readonly kind: 'file' | 'folder' }[],
  home: string = homedir(),
): string {
  const [first, ...others] = items;
  if (!first) return 'package.zip';
  if (others.length === 0) {
    const base = basename(first.path);
    const stem = first.kind === 'file' ? base.slice(0, base.length - extname(base).length) : base;
    return `${stem || 'package'}.zip`;
  }
  let parent = dirname(first.path);
  while (!others.every((other) => holds(parent, other.path))) {
    const above = dirname(parent);
    // Another drive: no folder holds them all.
    if (above === parent) return 'package.zip';
    parent = above;
  }
  const name = parent === home ? '' : basename(parent);
  return `${name || 'package'}.zip`;
}

function holds(folder: string, path: string): boolean {
  const way = relative(folder, dirname(path));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !/^[a-z]:/i.test(way));
}
