import type { Problem } from '../../preload/contract.ts';
import { toProblem } from '../ferry-error.ts';
import { Stop } from './stop.ts';
import type { Upload } from './upload.ts';
import type { UploadList } from './upload-list.ts';
import { isRunning, type UploadEvent } from './upload-state.ts';

export interface UploadRun {
  readonly upload: Upload;
  /** Its reason is a Stop. */
  readonly signal: AbortSignal;
  readonly dispatch: (event: UploadEvent) => void;
  /** Something may have been left behind in the bucket. */
  readonly onAbortFailed: (error: unknown) => void;
}

export interface UploadQueueOptions {
  readonly list: UploadList;
  readonly parallel: number;
  readonly now: () => number;
  /** What of a place it takes; 1 is a whole one. */
  readonly shareOf: (upload: Upload) => number;
  /** Brings one upload to `stored`, or throws. */
  readonly run: (run: UploadRun) => Promise<void>;
  /** A person's word on an upload, or its end: what has to be on disk. */
  readonly onSettled: (upload: Upload) => void;
}

/** Runs uploads in order, a few at a time, small ones more, and never two of one lane at once. */
export class UploadQueue {
  readonly #options: UploadQueueOptions;
  /** By `order`; those that are not waiting any more are passed over. */
  #waiting: Upload[] = [];
  readonly #queued = new Set<Upload>();
  readonly #running = new Map<Upload, Promise<void>>();
  readonly #busyLanes = new Set<string>();
  #parallel: number;
  /** Of the places, by those that run. */
  #takenShare = 0;
  #sorted = true;
  #starting = false;
  #quitting = false;

  constructor(options: UploadQueueOptions) {
    this.#options = options;
    this.#parallel = options.parallel;
  }

  /** How many run at once; fewer lets those that run come to their end. */
  set parallel(parallel: number) {
    this.#parallel = parallel;
    this.#startSoon();
  }

  add(upload: Upload): void {
    if (!this.#queued.has(upload)) {
      this.#queued.add(upload);
      if (upload.order < (this.#waiting.at(-1)?.order ?? -Infinity)) this.#sorted = false;
      this.#waiting.push(upload);
    }
    this.#startSoon();
  }

  /** Their `order` has changed. */
  reorder(): void {
    this.#sorted = false;
    this.#startSoon();
  }

  pause(upload: Upload): void {
    if (!this.#options.list.dispatch(upload, { type: 'pause-requested' })) return;
    upload.abort?.abort(new Stop('pause'));
    this.#options.onSettled(upload);
  }

  resume(upload: Upload): void {
    if (!this.#options.list.dispatch(upload, { type: 'resume-requested' })) return;
    this.#options.onSettled(upload);
    this.add(upload);
  }

  /** What it has begun at COS is gone on with. */
  retry(upload: Upload): void {
    if (!this.#options.list.dispatch(upload, { type: 'retry-requested' })) return;
    this.#options.onSettled(upload);
    this.add(upload);
  }

  cancel(upload: Upload): void {
    if (!this.#options.list.dispatch(upload, { type: 'cancel-requested', atMs: this.#options.now() })) return;
    upload.abort?.abort(new Stop('cancel'));
    this.#options.onSettled(upload);
  }

  /** Stops all without giving anything up, and settles when every one has stopped. */
  async quit(): Promise<void> {
    this.#quitting = true;
    for (const upload of this.#running.keys()) upload.abort?.abort(new Stop('quit'));
    await Promise.all(this.#running.values());
  }

  /** Once for many that are added at once. */
  #startSoon(): void {
    if (this.#starting) return;
    this.#starting = true;
    queueMicrotask(() => {
      this.#starting = false;
      this.#startNext();
    });
  }

  #startNext(): void {
    if (this.#quitting) return;
    if (!this.#sorted) this.#waiting.sort((a, b) => a.order - b.order);
    this.#sorted = true;
    const kept: Upload[] = [];
    let index = 0;
    for (; index < this.#waiting.length && this.#takenShare < this.#parallel; index++) {
      const upload = this.#waiting[index];
      if (!upload) continue;
      if (upload.state.phase === 'waiting' && this.#busyLanes.has(upload.plan.lane)) kept.push(upload);
      else {
        this.#queued.delete(upload);
        if (upload.state.phase === 'waiting') this.#start(upload);
      }
    }
    if (index > 0) this.#waiting = [...kept, ...this.#waiting.slice(index)];
  }

  #start(upload: Upload): void {
    const { lane } = upload.plan;
    // Who asks for one at a time gets one at a time.
    const share = this.#parallel === 1 ? 1 : this.#options.shareOf(upload);
    this.#takenShare += share;
    this.#busyLanes.add(lane);
    const running = this.#run(upload).finally(() => {
      this.#running.delete(upload);
      this.#takenShare -= share;
      this.#busyLanes.delete(lane);
      this.#options.onSettled(upload);
      this.#startSoon();
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
        onAbortFailed: (error) => { leftBehind = { ...toProblem(error), code: 'abort-failed' }; },
      });
    } catch (error) {
      if (!abort.signal.aborted) dispatch({ type: 'failed', atMs: now(), problem: toProblem(error), leftBehind });
    } finally {
      upload.abort = null;
      if (isRunning(upload.state)) {
        // Whatever the run made of it, what the person asked for last is what it comes to.
        dispatch({ type: 'paused' });
        dispatch({ type: 'cancelled', atMs: now(), leftBehind });
        if (!this.#quitting) dispatch({ type: 'failed', atMs: now(), problem: { code: 'unexpected', params: {} }, leftBehind });
      }
    }
  }
}
