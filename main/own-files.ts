import { chmodSync, mkdirSync } from 'node:fs';

/**
 * From now on whatever this process writes, libraries and Chromium included, is its user's alone,
 * and so is `directory` with all that earlier runs left in it. Windows has the profile's own access
 * list for that.
 */
export function keepFilesPrivate(directory: string): void {
  if (process.platform === 'win32') return;
  process.umask(0o077);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    chmodSync(directory, 0o700);
  } catch {
    // Where it cannot be made, what needs it says so.
  }
}
