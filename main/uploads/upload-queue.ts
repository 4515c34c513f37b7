import { toProblem } from '../ferry-error.ts';
import type { Problem } from '../../preload/contract.ts';
import type { Upload } from './upload.ts';
import type { UploadList } from './upload-list.ts';
import { isRunning, type UploadEvent } from './upload-state.ts';

export interface UploadRun {
  readonly upload: Upload;
  readonly signal: AbortSignal;
  /** Moves this upload on, unless it was cancelled meanwhile. */
  readonly dispatch: (event: UploadEvent) => void;
  /** Something may have been left behind in the bucket. */
  readonly onAbortFailed: (error: unknown) => void;
  /** Cleaning up that goes on after the run. */
  readonly onCleaningUp: (work: Promise<unknown>) => void;
}

export interface UploadQueueOptions {
  readonly list: UploadList;
  readonly parallel: number;
  readonly now: () => number;
  /** Brings one upload to `stored`, or throws. */
  readonly run: (run: UploadRun) => Promise<void>;
}

/** Runs uploads in order, a few at a time, and never two of one lane at once. */
export class UploadQueue {
  readonly #options: UploadQueueOptions;
  readonly #waiting: Upload[] = [];
  readonly #running = new Map<Upload, Promise<void>>();
  readonly #cleaningUp = new Set<Promise<unknown>>();
  readonly #busyLanes = new Set<string>();
  #closed = false;

  constructor(options: UploadQueueOptions) {
    this.#options = options;
  }

  add(upload: Upload): void {
    this.#waiting.push(upload);
    this.#startNext();
  }

  cancel(upload: Upload): void {
    this.#options.list.dispatch(upload, { type: 'cancel-requested', atMs: this.#options.now() });
    upload.abort?.abort();
  }

  /** Takes no more, cancels all and settles when every one has stopped and cleaned up. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const upload of this.#options.list.all()) this.cancel(upload);
    await Promise.all(this.#running.values());
    await Promise.allSettled(this.#cleaningUp);
  }

  #startNext(): void {
    if (this.#closed) return;
    for (let index = 0; index < this.#waiting.length && this.#running.size < this.#options.parallel;) {
      const upload = this.#waiting[index];
      if (upload && upload.state.phase === 'waiting' && this.#busyLanes.has(upload.plan.lane)) {
        index += 1;
        continue;
      }
      this.#waiting.splice(index, 1);
      if (upload?.state.phase === 'waiting') this.#start(upload);
    }
  }

  #start(upload: Upload): void {
    const { lane } = upload.plan;
    this.#busyLanes.add(lane);
    const running = this.#run(upload).finally(() => {
      this.#running.delete(upload);
      this.#busyLanes.delete(lane);
      this.#startNext();
    });
    this.#running.set(upload, running);
  }

  async #run(upload: Upload): Promise<void> {
    const { list, now } = this.#options;
    const abort = new AbortController();
    upload.abort = abort;
    let leftBehind: Problem | null = null;
    const dispatch = (event: UploadEvent): void => { list.dispatch(upload, event); };
    dispatch({ type: 'started', atMs: now() });
    try {
      await this.#options.run({
        upload,
        signal: abort.signal,
        dispatch,
        onCleaningUp: (work) => {
          this.#cleaningUp.add(work);
          void work.finally(() => { this.#cleaningUp.delete(work); });
        },
        onAbortFailed: (error) => { leftBehind = { ...toProblem(error), code: 'abort-failed' }; },
      });
    } catch (error) {
      if (abort.signal.aborted) dispatch({ type: 'cancelled', atMs: now(), leftBehind });
      else dispatch({ type: 'failed', atMs: now(), problem: toProblem(error), leftBehind });
    } finally {
      upload.abort = null;
      // A run that ended without a final state would keep its row busy for ever.
      if (isRunning(upload.state)) {
        dispatch({ type: 'cancelled', atMs: now(), leftBehind });
        dispatch({ type: 'failed', atMs: now(), problem: { code: 'unexpected', params: {} }, leftBehind });
      }
    }
  }
}
