import { constants, open, type FileHandle } from 'node:fs/promises';

/** For reading. A FIFO that took the file's place would otherwise hold the open, and with it a thread, for ever. */
export const readFlags = constants.O_RDONLY | (process.platform === 'win32' ? 0 : constants.O_NONBLOCK);

/** Throws the system's error. */
export function openForReading(path: string): Promise<FileHandle> {
  return open(path, readFlags);
}

/** Throws the system's error where a file could not be read later. `access` would not do: it asks for another user, and knows no Windows ACL. */
export async function tryToOpen(path: string): Promise<void> {
  const handle = await openForReading(path);
  await handle.close();
}
