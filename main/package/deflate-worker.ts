import { parentPort } from 'node:worker_threads';
import { JobError } from './job-error.ts';
import { packBlock } from './pack-block.ts';
import { packFiles } from './pack-files.ts';
import type { PackedBlock, PackedFiles, WorkerJob, WorkerReply, WorkerRequest } from './worker-jobs.ts';

parentPort?.on('message', ({ id, job }: WorkerRequest) => {
  try {
    const result = work(job);
    reply({ id, result }, [result.data.buffer]);
  } catch (error) {
    const { message, code, index } = error instanceof JobError ? error : { message: String(error), code: null, index: 0 };
    reply({ id, failure: { message, code, index } }, []);
  }
});

function work(job: WorkerJob): PackedFiles | PackedBlock {
  switch (job.kind) {
    case 'files':
      return packFiles(job.files, job.level);
    case 'block':
      return packBlock(job);
  }
}

function reply(message: WorkerReply, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}
