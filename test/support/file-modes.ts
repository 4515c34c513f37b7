import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';

/** The permission bits of a folder and of everything below it; links and sockets, which have none of their own, left out. */
export async function modesBelow(directory: string): Promise<ReadonlyMap<string, number>> {
  const modes = new Map<string, number>();
  const names = await readdir(directory, { recursive: true });
  for (const name of ['', ...names]) {
    const stats = await lstat(path.join(directory, name)).catch(() => null);
    if (stats?.isFile() || stats?.isDirectory()) modes.set(name, stats.mode & 0o777);
  }
  return modes;
}
