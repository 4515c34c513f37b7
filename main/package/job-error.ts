import type { JobFailure } from './worker-jobs.ts';

/** What went wrong with one file of a worker's job: `code` is the system's, or `fileChanged`. */
export class JobError extends Error {
  readonly code: string | null;
  /** Which of the job's files it was. */
  readonly index: number;

  constructor(failure: JobFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'JobError';
    this.code = failure.code;
    this.index = failure.index;
  }
}
