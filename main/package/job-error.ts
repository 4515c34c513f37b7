import { systemCode } from './source-error.ts';
import type { JobFailure } from './worker-jobs.ts';

/** What went wrong with one file of a worker's job: like the system's own error, or `fileChanged`. */
export class JobError extends Error {
  readonly code: string | null;
  readonly syscall = 'in a thread';
  /** Which of the job's files it was. */
  readonly index: number;

  constructor(failure: JobFailure, options?: ErrorOptions) {
    super(failure.message, options);
    this.name = 'JobError';
    this.code = failure.code;
    this.index = failure.index;
  }
}

/** What was thrown over a job's file, as it crosses between threads. */
export function jobFailure(error: unknown, index: number): JobFailure {
  if (error instanceof JobError) return { message: error.message, code: error.code, index: error.index };
  return { message: error instanceof Error ? error.message : String(error), code: systemCode(error) ?? null, index };
}
