import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { stat, type FileHandle } from 'node:fs/promises';
import { FerryError } from '../ferry-error.ts';
import { identityOf, sameIdentity, type FileIdentity } from './file-identity.ts';
import { openForReading, readFlags } from './open-for-reading.ts';
import { sourceError, systemCode } from './source-error.ts';

/** A file in the state in which it was found. */
export interface SourceFile {
  readonly path: string;
  /** For the words. */
  readonly name: string;
  readonly identity: FileIdentity;
}

/** A file up to this size is read at once: six short calls cost less than waiting for each of them. */
export const smallFileBytes = 256 * 1024;

const pieceBytes = 1024 * 1024;
// What a FIFO, a socket or a folder answers with once it has taken the file's place.
const notAFileCodes = new Set(['ESPIPE', 'ENXIO', 'EISDIR']);

/**
 * Fills `into` with the file's bytes from `position`; `onPiece` gets each piece while the next one is
 * being read. The file was the expected one before and after, at the handle and at the path, or this
 * throws `source-changed`, `source-vanished` or `source-unreadable`.
 */
export async function readRange(file: SourceFile, position: number, into: Buffer, onPiece: (piece: Buffer) => void): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    if (file.identity.size <= smallFileBytes) {
      readAtOnce(file, position, into);
      onPiece(into);
      return;
    }
    handle = await openForReading(file.path);
    await refuseChanged(handle, file);
    let last: Buffer | null = null;
    for (let start = 0; start < into.length; start += pieceBytes) {
      const piece = into.subarray(start, start + pieceBytes);
      const reading = readFully(handle, position + start, piece);
      if (last) onPiece(last);
      if (!await reading) throw changed(file);
      last = piece;
    }
    const checking = refuseChanged(handle, file);
    if (last) onPiece(last);
    await checking;
  } catch (error) {
    throw notAFileCodes.has(systemCode(error) ?? '') ? changed(file) : sourceError(error, file.name, 'source-vanished');
  } finally {
    await handle?.close();
  }
}

function readAtOnce(file: SourceFile, position: number, into: Buffer): void {
  const descriptor = openSync(file.path, readFlags);
  try {
    const before = fstatSync(descriptor);
    let filled = 0;
    while (filled < into.length) {
      const bytes = readSync(descriptor, into, filled, into.length - filled, position + filled);
      if (bytes === 0) throw changed(file);
      filled += bytes;
    }
    const states = [before, fstatSync(descriptor), statSync(file.path)];
    if (!states.every((stats) => sameIdentity(identityOf(stats), file.identity))) throw changed(file);
  } finally {
    closeSync(descriptor);
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

async function refuseChanged(handle: FileHandle, file: SourceFile): Promise<void> {
  const states = await Promise.all([handle.stat(), stat(file.path)]);
  if (!states.every((stats) => sameIdentity(identityOf(stats), file.identity))) throw changed(file);
}

function changed({ name }: SourceFile): FerryError {
  return new FerryError({ code: 'source-changed', params: { name } });
}
