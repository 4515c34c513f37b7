import type { Problem } from '../../preload/contract.ts';
import { toProblem } from '../ferry-error.ts';
import { StoreError } from '../transfer/object-store.ts';
import type { Upload } from './upload.ts';

export interface OutagesOptions {
  /** From so many milliseconds without anything that went through an upload counts as kept waiting. */
  readonly toldAfterMs: number;
  /** Being offline is told once for all. */
  readonly isOffline: () => boolean;
  /** An upload is kept waiting, or not any more. */
  readonly onWaits: (upload: Upload, waits: boolean) => void;
  /** The upload's notice has changed. */
  readonly onNotice: (upload: Upload) => void;
}

interface Outage {
  readonly sinceMs: number;
  waits: boolean;
  notice: Problem | null;
  /** What the upload said before. */
  before: Problem | null;
}

/** Knows which uploads wait for COS or the service to be able again, or to answer, and tells it in their notices, only as long as they do. */
export class Outages {
  readonly #options: OutagesOptions;
  readonly #of = new Map<Upload, Outage>();

  constructor(options: OutagesOptions) {
    this.#options = options;
  }

  /** A request was answered with an error that passes by itself, or not at all, and is to be tried again. */
  delayed(upload: Upload, error: unknown): void {
    const nowMs = performance.now();
    const outage = this.#of.get(upload) ?? { sinceMs: nowMs, waits: false, notice: null, before: null };
    this.#of.set(upload, outage);
    if (nowMs - outage.sinceMs < this.#options.toldAfterMs) return;
    if (!outage.waits) {
      outage.waits = true;
      this.#options.onWaits(upload, true);
    }
    const problem = toProblem(error);
    const isSilent = isSilence(problem);
    if (outage.notice !== null || (isSilent && this.#options.isOffline())) return;
    outage.before = upload.notice;
    outage.notice = { ...problem, code: isSilent ? 'no-answer' : error instanceof StoreError ? 'store-busy' : 'service-busy' };
    upload.notice = outage.notice;
    this.#options.onNotice(upload);
  }

  /** Something went through, or nothing waits any more. */
  passed(upload: Upload): void {
    const outage = this.#of.get(upload);
    if (!outage) return;
    this.#of.delete(upload);
    if (outage.waits) this.#options.onWaits(upload, false);
    // It may have something else to say by now.
    if (outage.notice === null || upload.notice !== outage.notice) return;
    upload.notice = outage.before;
    this.#options.onNotice(upload);
  }
}

/** Whether nobody has answered. */
export function isSilence({ code }: Problem): boolean {
  return code === 'network-unreachable' || code === 'network-timeout';
}
