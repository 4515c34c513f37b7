import type { Problem } from '../../preload/contract.ts';
import { toProblem } from '../ferry-error.ts';
import { AccountLine } from './account-line.ts';
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
  /** The object may be in the bucket all the same. */
  readonly onMaybeStored: (error: unknown) => void;
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

interface Running {
  /** What of a place it takes. */
  readonly share: number;
  isAside: boolean;
  readonly ended: Promise<void>;
}

/**
 * Runs uploads in order, a few at a time, small ones more, and never two of one lane at once. One that
 * stands aside has no place, but no account ever has more going on than there are places.
 */
export class UploadQueue {
  readonly #options: UploadQueueOptions;
  /** By account. */
  readonly #lines = new Map<string, AccountLine>();
  readonly #running = new Map<Upload, Running>();
  readonly #busyLanes = new Set<string>();
  #parallel: number;
  /** Of the places, by those that run and do not stand aside. */
  #takenShare = 0;
  #asideShare = 0;
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
    this.#lineOf(upload).add(upload);
    this.#startSoon();
  }

  /** Their `order` has changed. */
  reorder(): void {
    for (const line of this.#lines.values()) line.reorder();
    this.#startSoon();
  }

  pause(upload: Upload): void {
    if (!this.#options.list.dispatch(upload, { type: 'pause-requested' })) return;
    upload.abort?.abort(new Stop('pause'));
    this.#asked(upload);
  }

  resume(upload: Upload): void {
    if (!this.#options.list.dispatch(upload, { type: 'resume-requested' })) return;
    this.#asked(upload);
    this.add(upload);
  }

  /** What it has begun at COS is gone on with. */
  retry(upload: Upload): void {
    if (!this.#options.list.dispatch(upload, { type: 'retry-requested' })) return;
    this.#asked(upload);
    this.add(upload);
  }

  /** Cancels it, even if it has failed. */
  giveUp(upload: Upload): void {
    if (upload.state.phase === 'failed') this.retry(upload);
    this.cancel(upload);
  }

  cancel(upload: Upload): void {
    if (!this.#options.list.dispatch(upload, { type: 'cancel-requested', atMs: this.#options.now() })) return;
    upload.abort?.abort(new Stop('cancel'));
    this.#asked(upload);
  }

  /**
   * What waits out an outage leaves its place to another account's, and goes on trying meanwhile. Once it
   * gets on, it does so at once: its credential will not last until somebody else has ended.
   */
  standAside(upload: Upload, isAside: boolean): void {
    const running = this.#running.get(upload);
    if (!running || running.isAside === isAside) return;
    running.isAside = isAside;
    const share = isAside ? running.share : -running.share;
    this.#takenShare -= share;
    this.#asideShare += share;
    if (isAside) this.#startSoon();
  }

  /** Stops all without giving anything up, and settles when every one has stopped. */
  async quit(): Promise<void> {
    this.#quitting = true;
    for (const upload of this.#running.keys()) upload.abort?.abort(new Stop('quit'));
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  #asked(upload: Upload): void {
    this.#options.onSettled(upload);
    this.#options.list.hurry();
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
    while (!this.#quitting && this.#hasPlace) {
      let next: { readonly upload: Upload; readonly line: AccountLine } | null = null;
      for (const line of this.#lines.values()) {
        const upload = line.share < this.#parallel ? line.first(this.#isFree) : null;
        if (upload && (!next || upload.order < next.upload.order)) next = { upload, line };
      }
      if (!next) return;
      next.line.removeFirst();
      this.#start(next.upload, next.line);
    }
  }

  get #hasPlace(): boolean {
    // Who asks for one at a time gets one at a time.
    return this.#takenShare + (this.#parallel === 1 ? this.#asideShare : 0) < this.#parallel;
  }

  readonly #isFree = ({ plan }: Upload): boolean => !this.#busyLanes.has(plan.lane);

  #lineOf({ plan }: Upload): AccountLine {
    let line = this.#lines.get(plan.account.id);
    if (!line) this.#lines.set(plan.account.id, line = new AccountLine());
    return line;
  }

  #start(upload: Upload, line: AccountLine): void {
    const { lane } = upload.plan;
    const share = this.#parallel === 1 ? 1 : this.#options.shareOf(upload);
    this.#takenShare += share;
    line.share += share;
    this.#busyLanes.add(lane);
    const ended = this.#run(upload).finally(() => {
      this.standAside(upload, false);
      this.#running.delete(upload);
      this.#takenShare -= share;
      line.share -= share;
      this.#busyLanes.delete(lane);
      this.#options.onSettled(upload);
      this.#startSoon();
    });
    this.#running.set(upload, { share, isAside: false, ended });
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
        onMaybeStored: (error) => { leftBehind = { ...toProblem(error), code: 'maybe-stored' }; },
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
