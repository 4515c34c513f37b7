import { stat, type FileHandle } from 'node:fs/promises';
import { FerryError } from '../ferry-error.ts';
import { identityOf, sameIdentity, type FileIdentity } from './file-identity.ts';
import { openForReading } from './open-for-reading.ts';
import { sourceError, systemCode } from './source-error.ts';

/** The size of every buffer but a file's last. */
export const readBytes = 1024 * 1024;

// What a FIFO, a socket or a folder answers with once it has taken the file's place.
const notAFileCodes = new Set(['ESPIPE', 'ENXIO', 'EISDIR']);

/**
 * A file's bytes, in buffers of its own that the taker may keep. The last one comes only after the
 * file was seen to be the same as `expected`, at the handle and at the path; else it throws
 * `source-changed` or `source-vanished`. Also throws `source-unreadable` and the abort reason.
 */
export async function* readSource(
  path: string,
  name: string,
  expected: FileIdentity,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void> {
  signal.throwIfAborted();
  let handle: FileHandle | undefined;
  try {
    handle = await openForReading(path);
    let position = 0;
    if (expected.size > readBytes) await refuseChanged(handle, path, name, expected);
    while (position < expected.size) {
      const buffer = await readFully(handle, position, Math.min(readBytes, expected.size - position), signal);
      if (!buffer) throw changed(name);
      position += buffer.length;
      if (position === expected.size) await refuseChanged(handle, path, name, expected);
      yield buffer;
    }
    if (expected.size === 0) await refuseChanged(handle, path, name, expected);
  } catch (error) {
    throw readFailure(error, name);
  } finally {
    await handle?.close();
  }
}

async function readFully(handle: FileHandle, start: number, length: number, signal: AbortSignal): Promise<Buffer | null> {
  const buffer = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  while (filled < length) {
    signal.throwIfAborted();
    const { bytesRead } = await handle.read(buffer, filled, length - filled, start + filled);
    if (bytesRead === 0) return null;
    filled += bytesRead;
  }
  return buffer;
}

/** Throws `source-changed` where the open file, or what is at its path now, is not the one that was looked at; or the system's error. */
export async function refuseChanged(handle: FileHandle, path: string, name: string, expected: FileIdentity): Promise<void> {
  const [open, named] = await Promise.all([handle.stat(), stat(path)]);
  if (!sameIdentity(identityOf(open), expected) || !sameIdentity(identityOf(named), expected)) throw changed(name);
}

/** A failed call on a file that was there as a FerryError: `source-changed`, `source-vanished` or `source-unreadable`. */
export function readFailure(error: unknown, name: string): unknown {
  return notAFileCodes.has(systemCode(error) ?? '') ? changed(name) : sourceError(error, name, 'source-vanished');
}

/** `source-changed`. */
export function changed(name: string): FerryError {
  return new FerryError({ code: 'source-changed', params: { name } });
}
