import type { Broker } from '../credentials/broker.ts';
import { covers, type TemporaryCredential } from '../credentials/temporary-credential.ts';
import { ScopeLost } from './scope-lost.ts';
import type { Upload } from './upload.ts';
import { fractionOf } from './upload-view.ts';

export interface KeyLifeOptions {
  readonly upload: Upload;
  readonly credential: TemporaryCredential;
  readonly key: string;
  readonly broker: Broker;
  readonly now: () => number;
  /** A speed measured for less than this is no more than a guess. */
  readonly measureMs: number;
  /** A key that lives so many seconds, or less where the service refuses that; null where none can be asked for, or was. */
  readonly fetchLonger: ((durationSeconds: number) => Promise<TemporaryCredential>) | null;
  readonly onNotice: (upload: Upload) => void;
}

// The documented default: less is never worth asking for.
const leastDurationSeconds = 3600;
// Of the time it seems to take: with room for a line that slows down, else with the least that would do.
const margins = [1.5, 1.1];

/**
 * Watches whether an upload can end before its key does. Where it cannot, and a new key would not
 * cover the object, one that lives longer is asked for; where there is none, that is said at once,
 * with the numbers, not when the key has died.
 */
export class KeyLife {
  readonly #options: KeyLifeOptions;
  readonly #startOver = new AbortController();
  #since: { readonly atMs: number; readonly fraction: number } | null = null;
  #checkedAtMs = 0;
  #answered = false;

  constructor(options: KeyLifeOptions) {
    this.#options = options;
  }

  /** Aborts with a ScopeLost once the upload had better start over under a key that lives long enough. */
  get signal(): AbortSignal {
    return this.#startOver.signal;
  }

  /** To be called on progress; `sentBytes` are those that went over the line in this run. */
  check(sentBytes: number): void {
    if (this.#answered) return;
    const { upload, credential, now, measureMs } = this.#options;
    if (upload.state.phase !== 'uploading') return;
    const { progress } = upload.state;
    const fraction = progress.bytesTotal ? progress.bytesSent / progress.bytesTotal : fractionOf(progress);
    const atMs = performance.now();
    // What COS has already is only read, which says nothing of the line.
    if (sentBytes === 0 || !this.#since) {
      this.#since = { atMs, fraction };
      return;
    }
    const measuredMs = atMs - this.#since.atMs;
    if (measuredMs < measureMs || atMs - this.#checkedAtMs < measureMs / 5 || fraction <= this.#since.fraction) return;
    this.#checkedAtMs = atMs;
    const wholeMs = measuredMs / (fraction - this.#since.fraction);
    const leftMs = wholeMs * (1 - fraction);
    if (now() + leftMs < credential.expiresAtMs) return;
    this.#answered = true;
    void this.#answer(wholeMs, leftMs);
  }

  async #answer(wholeMs: number, leftMs: number): Promise<void> {
    const { broker, credential, key, upload, now, onNotice } = this.#options;
    const minutesLeft = Math.max(0, Math.floor((credential.expiresAtMs - now()) / 60_000));
    try {
      if (covers(await broker.refresh(), key, credential)) return;
      const longer = await this.#longer(wholeMs);
      if (upload.state.phase !== 'uploading') return;
      if (longer) {
        this.#startOver.abort(new ScopeLost(longer, 'replaced'));
        return;
      }
    } catch {
      // Not knowing is no reason to alarm anybody.
      this.#answered = false;
      return;
    }
    upload.notice = { code: 'key-too-short', params: { minutesNeeded: Math.ceil(leftMs / 60_000), minutesLeft } };
    onNotice(upload);
  }

  async #longer(wholeMs: number): Promise<TemporaryCredential | null> {
    const { fetchLonger, now } = this.#options;
    if (!fetchLonger) return null;
    for (const margin of margins) {
      const granted = await fetchLonger(Math.max(leastDurationSeconds, Math.ceil((wholeMs * margin) / 1000)));
      if (granted.expiresAtMs - now() >= wholeMs) return granted;
    }
    return null;
  }
}
