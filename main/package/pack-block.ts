import { crc32 } from 'node:zlib';
import { deflatePart } from './deflate-data.ts';
import { JobError } from './job-error.ts';
import { readFully } from './pack-files.ts';
import { Scratch } from './scratch.ts';
import { fileChanged, type PackedBlock, type WorkerJob } from './worker-jobs.ts';

// As far as deflate looks back.
const windowBytes = 32 * 1024;
const scratch = new Scratch();

/** Reads and packs one block of an open file. Throws the system's error, or a JobError `fileChanged` where the file ends before the block does. */
export function packBlock(job: Extract<WorkerJob, { kind: 'block' }>): PackedBlock {
  const { fd, start, length, isLast, stored, levels } = job;
  const into = new Uint8Array(job.into, 0, length);
  if (stored) {
    readBlock(fd, into, start);
    return { bytes: length, deflated: false, crc: crc32(into) };
  }
  const before = Math.min(windowBytes, start);
  const source = scratch.take(before + length);
  readBlock(fd, source, start - before);
  const data = source.subarray(before);
  const packed = deflatePart(data, source.subarray(0, before), isLast, levels);
  into.set(packed ?? data);
  return { bytes: (packed ?? data).length, deflated: packed !== null, crc: crc32(data) };
}

function readBlock(fd: number, into: Uint8Array, start: number): void {
  if (!readFully(fd, into, start)) throw new JobError({ message: 'The file has become shorter.', code: fileChanged, index: 0 });
}
