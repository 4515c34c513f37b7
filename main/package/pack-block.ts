import { crc32 } from 'node:zlib';
import { deflatePart } from './deflate-data.ts';
import { JobError } from './job-error.ts';
import { readFully } from './pack-files.ts';
import { fileChanged, type PackedBlock, type WorkerJob } from './worker-jobs.ts';

// As far as deflate looks back.
const windowBytes = 32 * 1024;

/** Reads and packs one block of an open file. Throws the system's error, or a JobError `fileChanged` where the file ends before the block does. */
export function packBlock(job: Extract<WorkerJob, { kind: 'block' }>): PackedBlock {
  const { fd, start, length, isLast, stored, level } = job;
  const before = stored ? 0 : Math.min(windowBytes, start);
  const source = new Uint8Array(before + length);
  if (!readFully(fd, source, start - before)) throw new JobError({ message: 'The file has become shorter.', code: fileChanged, index: 0 });
  const data = source.subarray(before);
  const crc = crc32(data);
  if (stored) return { data, deflated: false, crc };
  const deflated = deflatePart(data, source.subarray(0, before), isLast, level);
  return deflated ? { data: new Uint8Array(deflated), deflated: true, crc } : { data, deflated: false, crc };
}
