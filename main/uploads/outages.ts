import type { Problem } from '../../preload/contract.ts';
import { toProblem } from '../ferry-error.ts';
import { StoreError } from '../transfer/object-store.ts';
import type { Upload } from './upload.ts';

export interface OutagesOptions {
  /** From so many milliseconds without anything that went through an upload says so. */
  readonly toldAfterMs: number;
  /** The upload's notice has changed. */
  readonly onNotice: (upload: Upload) => void;
}

interface Outage {
  readonly sinceMs: number;
  notice: Problem | null;
  /** What the upload said before. */
  before: Problem | null;
}

/** Tells, in an upload's notice, that it waits for COS or the service to be able again, and only as long as it does. */
export class Outages {
  readonly #options: OutagesOptions;
  readonly #of = new Map<Upload, Outage>();

  constructor(options: OutagesOptions) {
    this.#options = options;
  }

  /** A request was answered with an error that passes by itself, and is to be tried again. */
  refused(upload: Upload, error: unknown): void {
    const nowMs = performance.now();
    const outage = this.#of.get(upload) ?? { sinceMs: nowMs, notice: null, before: null };
    this.#of.set(upload, outage);
    if (outage.notice !== null || nowMs - outage.sinceMs < this.#options.toldAfterMs) return;
    outage.before = upload.notice;
    outage.notice = { ...toProblem(error), code: error instanceof StoreError ? 'store-busy' : 'service-busy' };
    upload.notice = outage.notice;
    this.#options.onNotice(upload);
  }

  /** Something went through, or nothing waits any more. */
  passed(upload: Upload): void {
    const outage = this.#of.get(upload);
    if (!outage) return;
    this.#of.delete(upload);
    // It may have something else to say by now.
    if (outage.notice === null || upload.notice !== outage.notice) return;
    upload.notice = outage.before;
    this.#options.onNotice(upload);
  }
}
