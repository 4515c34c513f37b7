import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { createCrc64 } from '../transfer/crc64.ts';

const WRITE_BYTES = 1024 * 1024;

export interface ReceivedFile {
  readonly path: string;
  readonly size: number;
  readonly md5: Buffer;
  /** CRC-64/XZ, decimal. */
  readonly crc64: string;
}

/**
 * Streams a body to a new file, hashing it on the way; at most about two megabytes are in memory.
 * Rejects when the body breaks off or cannot be written, and leaves no file behind then.
 */
export async function receiveFile(body: AsyncIterable<Buffer>, path: string): Promise<ReceivedFile> {
  const file = await open(path, 'wx');
  try {
    const received = await writeAll(body, file);
    await file.close();
    return { path, ...received };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}

async function writeAll(body: AsyncIterable<Buffer>, file: FileHandle): Promise<Omit<ReceivedFile, 'path'>> {
  const md5 = createHash('md5');
  const crc64 = await createCrc64();
  let size = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let writing: Promise<void> = Promise.resolve();

  // Hashing the next megabyte goes on while the last one is being written.
  const flush = async (): Promise<void> => {
    const [buffers, bytes] = [pending, pendingBytes];
    pending = [];
    pendingBytes = 0;
    await writing;
    writing = write(file, buffers, bytes);
    writing.catch(() => undefined);
  };

  try {
    for await (const chunk of body) {
      md5.update(chunk);
      crc64.update(chunk);
      size += chunk.length;
      pending.push(chunk);
      pendingBytes += chunk.length;
      if (pendingBytes >= WRITE_BYTES) await flush();
    }
    if (pendingBytes > 0) await flush();
  } finally {
    // The file may only be closed once nothing is written to it any more.
    await writing;
  }
  return { size, md5: md5.digest(), crc64: crc64.digestDecimal() };
}

async function write(file: FileHandle, buffers: Buffer[], bytes: number): Promise<void> {
  const { bytesWritten } = await file.writev(buffers);
  if (bytesWritten !== bytes) throw new Error(`wrote ${bytesWritten} of ${bytes} bytes`);
}
