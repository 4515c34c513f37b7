import { parentPort } from 'node:worker_threads';
import { yieldToWindow } from '../yield-to-window.ts';
import { jobFailure } from './job-error.ts';
import { lookIntoFolders, openEach } from './look-into-folders.ts';
import { packBlock } from './pack-block.ts';
import { packFiles } from './pack-files.ts';
import type { JobResults, WorkerJob, WorkerReply, WorkerRequest } from './worker-jobs.ts';

yieldToWindow();

parentPort?.on('message', ({ id, job }: WorkerRequest) => {
  try {
    const result = work(job);
    reply({ id, result }, result && 'data' in result ? [result.data.buffer] : []);
  } catch (error) {
    reply({ id, failure: jobFailure(error, 0) }, []);
  }
});

function work(job: WorkerJob): JobResults[WorkerJob['kind']] {
  switch (job.kind) {
    case 'files':
      return packFiles(job.files, job.levels);
    case 'block':
      return packBlock(job);
    case 'look':
      return lookIntoFolders(job.folders);
    case 'open':
      return openEach(job.paths);
  }
}

function reply(message: WorkerReply, transfer: ArrayBuffer[]): void {
  parentPort?.postMessage(message, transfer);
}
