import { stat, type FileHandle } from 'node:fs/promises';
import { FerryError } from '../ferry-error.ts';
import { identityOf, sameIdentity } from './file-identity.ts';
import { sourceError, systemCode } from './source-error.ts';
import type { SourceFile } from './source-file.ts';

// What a FIFO, a socket or a folder answers with once it has taken the file's place.
const notAFileCodes = new Set(['ESPIPE', 'ENXIO', 'EISDIR']);

/** Throws `source-changed` where the open file, or what is at its path now, is not the one that was looked at; or the system's error. */
export async function refuseChanged(handle: FileHandle, { path, name, identity }: SourceFile): Promise<void> {
  const states = await Promise.all([handle.stat(), stat(path)]);
  if (!states.every((stats) => sameIdentity(identityOf(stats), identity))) throw changed(name);
}

/** A failed call on a file that was there as a FerryError: `source-changed`, `source-vanished` or `source-unreadable`. */
export function readFailure(error: unknown, name: string): unknown {
  return notAFileCodes.has(systemCode(error) ?? '') ? changed(name) : sourceError(error, name, 'source-vanished');
}

/** `source-changed`. */
export function changed(name: string): FerryError {
  return new FerryError({ code: 'source-changed', params: { name } });
}
