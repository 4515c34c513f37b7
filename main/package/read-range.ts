import type { FileHandle } from 'node:fs/promises';
import { openForReading } from './open-for-reading.ts';
import { changed, readFailure, refuseChanged } from './source-changed.ts';
import type { SourceFile } from './source-file.ts';

const pieceBytes = 512 * 1024;

/**
 * Fills `into` with the file's bytes from `position`; `onPiece` gets each piece while the next one is
 * being read. The file was the expected one before and after, at the handle and at the path, or this
 * throws `source-changed`, `source-vanished` or `source-unreadable`.
 */
export async function readRange(file: SourceFile, position: number, into: Buffer, onPiece: (piece: Buffer) => Promise<void>): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await openForReading(file.path);
    await refuseChanged(handle, file);
    let last: Buffer | null = null;
    for (let start = 0; start < into.length; start += pieceBytes) {
      const piece = into.subarray(start, start + pieceBytes);
      const [whole] = await Promise.all([readFully(handle, position + start, piece), last && onPiece(last)]);
      if (!whole) throw changed(file.name);
      last = piece;
    }
    await Promise.all([refuseChanged(handle, file), last && onPiece(last)]);
  } catch (error) {
    throw readFailure(error, file.name);
  } finally {
    await handle?.close();
  }
}

async function readFully(handle: FileHandle, position: number, into: Buffer): Promise<boolean> {
  for (let filled = 0; filled < into.length;) {
    const { bytesRead } = await handle.read(into, filled, into.length - filled, position + filled);
    if (bytesRead === 0) return false;
    filled += bytesRead;
  }
  return true;
}
