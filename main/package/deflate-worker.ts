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
    reply({ id, result: work(job) });
  } catch (error) {
    reply({ id, failure: jobFailure(error, 0) });
  }
});

function work(job: WorkerJob): JobResults[WorkerJob['kind']] {
  switch (job.kind) {
    case 'files':
      return packFiles(job);
    case 'block':
      return packBlock(job);
    case 'look':
      return lookIntoFolders(job.folders);
    case 'open':
      return openEach(job.paths);
  }
}

function reply(message: WorkerReply): void {
  parentPort?.postMessage(message);
}
