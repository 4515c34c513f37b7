import type { Problem } from '../../preload/contract.ts';
import { toProblem } from '../ferry-error.ts';
import { StoreError } from '../transfer/object-store.ts';
import type { Upload } from './upload.ts';

export interface OutagesOptions {
  /** So many milliseconds after an error without anything that went through, an upload counts as kept waiting. */
  readonly toldAfterMs: number;
  /** Being offline is told once for all. */
  readonly isOffline: () => boolean;
  /** An upload is kept waiting, or not any more. */
  readonly onWaits: (upload: Upload, waits: boolean) => void;
  /** The upload's notice has changed. */
  readonly onNotice: (upload: Upload) => void;
}

interface Outage {
  /** The last one. */
  error: unknown;
  errors: number;
  /** When it was looked at last, and how far the upload was then. */
  atMs: number;
  reachedBytes: number;
  timer: NodeJS.Timeout | null;
  waits: boolean;
  notice: Problem | null;
  /** What the upload said before. */
  before: Problem | null;
}

/** Knows which uploads wait for COS or the service to be able again, or to answer, and tells it in their notices, only as long as they do. */
export class Outages {
  readonly #options: OutagesOptions;
  readonly #of = new Map<Upload, Outage>();
  /** When a store took something last, by account. */
  readonly #answeredAtMs = new Map<string, number>();

  constructor(options: OutagesOptions) {
    this.#options = options;
  }

  /** A request was answered with an error that passes by itself, or not at all, and is to be tried again. */
  delayed(upload: Upload, error: unknown): void {
    if (isStopped(upload)) return;
    const outage = this.#of.get(upload);
    if (outage) {
      outage.error = error;
      outage.errors += 1;
      return;
    }
    const begun: Outage = { error, errors: 1, atMs: 0, reachedBytes: 0, timer: null, waits: false, notice: null, before: null };
    this.#of.set(upload, begun);
    this.#lookLater(upload, begun);
  }

  /** A store has done what the upload asked for. */
  answered(upload: Upload): void {
    this.#answeredAtMs.set(upload.plan.account.id, performance.now());
    this.passed(upload);
  }

  /** Something went through, or nothing waits any more. */
  passed(upload: Upload): void {
    const outage = this.#of.get(upload);
    if (!outage) return;
    this.#of.delete(upload);
    if (outage.timer) clearTimeout(outage.timer);
    if (outage.waits) this.#options.onWaits(upload, false);
    // It may have something else to say by now.
    if (outage.notice === null || upload.notice !== outage.notice) return;
    upload.notice = outage.before;
    this.#options.onNotice(upload);
  }

  /** By a timer: where there is silence, the next error comes only when somebody has lost patience with it. */
  #lookLater(upload: Upload, outage: Outage): void {
    outage.atMs = performance.now();
    outage.reachedBytes = upload.reachedBytes;
    outage.timer = setTimeout(() => {
      if (isStopped(upload)) return;
      if (!this.#mayGetOn(upload, outage)) {
        if (!outage.waits) this.#options.onWaits(upload, true);
        outage.waits = true;
        this.#tell(upload, outage);
      }
      if (outage.notice === null) this.#lookLater(upload, outage);
    }, this.#options.toldAfterMs);
  }

  #mayGetOn(upload: Upload, { error, errors, atMs, reachedBytes }: Outage): boolean {
    if (upload.reachedBytes > reachedBytes) return true;
    if (errors > 1) return false;
    // One error alone is no outage: Complete may take its time after it, and a small file waits for its turn behind others.
    return !isSilence(toProblem(error)) || (this.#answeredAtMs.get(upload.plan.account.id) ?? -Infinity) > atMs;
  }

  #tell(upload: Upload, outage: Outage): void {
    const problem = toProblem(outage.error);
    const isSilent = isSilence(problem);
    if (outage.notice !== null || (isSilent && this.#options.isOffline())) return;
    outage.before = upload.notice;
    outage.notice = { ...problem, code: isSilent ? 'no-answer' : outage.error instanceof StoreError ? 'store-busy' : 'service-busy' };
    upload.notice = outage.notice;
    this.#options.onNotice(upload);
  }
}

/** Whether nobody has answered. */
export function isSilence({ code }: Problem): boolean {
  return code === 'network-unreachable' || code === 'network-timeout';
}

/** What is to be paused, cancelled or ended waits for nothing. */
function isStopped({ abort }: Upload): boolean {
  return abort?.signal.aborted !== false;
}
