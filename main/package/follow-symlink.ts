import { lstat, readlink, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import type { LeftOutReason } from '../../preload/contract.ts';
import { systemCode } from './source-error.ts';

export type SymlinkEnd =
  | { readonly kind: 'file' | 'folder'; readonly realPath: string; readonly size: number; readonly mtimeMs: number }
  | { readonly kind: 'left-out'; readonly reason: LeftOutReason };

const hopLimit = 40;
const separators = sep === '/' ? '/' : /[\\/]/;

/**
 * Where a link inside `realRoot` (a real path) ends. What ends outside, nowhere, in itself or in a
 * socket, FIFO or device is left out. Throws the system's error where that cannot be told.
 */
export async function followSymlink(realRoot: string, path: string): Promise<SymlinkEnd> {
  try {
    const realPath = await realpath(path);
    if (!isInside(realRoot, realPath)) return { kind: 'left-out', reason: 'symlink-outside' };
    const stats = await stat(realPath);
    if (stats.isFile()) return { kind: 'file', realPath, size: stats.size, mtimeMs: stats.mtimeMs };
    if (stats.isDirectory()) return { kind: 'folder', realPath, size: 0, mtimeMs: stats.mtimeMs };
    return { kind: 'left-out', reason: 'special-file' };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ELOOP') return { kind: 'left-out', reason: 'symlink-loop' };
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'left-out', reason: 'symlink-broken' };
    throw error;
  }
}

/**
 * The target to write for a link that ends inside `realRoot`: its own words where they lead there
 * without leaving the root, else the way to its end. Always relative, with forward slashes.
 */
export async function portableTarget(realRoot: string, path: string, realEnd: string): Promise<string> {
  const folder = await realpath(dirname(path));
  const target = await readlink(path);
  const portable = (await staysInside(realRoot, folder, target)) ? target : relative(folder, realEnd) || '.';
  return sep === '/' ? portable : portable.replaceAll(sep, '/');
}

/** Goes step by step, because a path may leave the root and come back, by `..` or by a link that is itself left out. */
async function staysInside(realRoot: string, folder: string, target: string): Promise<boolean> {
  let current = folder;
  let hops = 0;
  if (isAbsolute(target)) return false;
  const steps = stepsOf(target);
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    const next = join(current, step);
    if (!isInside(realRoot, next)) return false;
    if (step === '..' || !(await lstat(next)).isSymbolicLink()) {
      current = next;
      continue;
    }
    const onward = await readlink(next);
    hops += 1;
    if (isAbsolute(onward) || hops > hopLimit) return false;
    steps.unshift(...stepsOf(onward));
  }
  return true;
}

function stepsOf(target: string): string[] {
  return target.split(separators).filter((step) => step !== '' && step !== '.');
}

function isInside(root: string, path: string): boolean {
  return path === root || path.startsWith(root.endsWith(sep) ? root : root + sep);
}
