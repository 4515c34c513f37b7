import type { Broker } from '../credentials/broker.ts';
import { covers, type TemporaryCredential } from '../credentials/temporary-credential.ts';
import type { Upload } from './upload.ts';
import { fractionOf } from './upload-view.ts';

export interface KeyLifeOptions {
  readonly upload: Upload;
  readonly credential: TemporaryCredential;
  readonly key: string;
  readonly broker: Broker;
  readonly now: () => number;
  readonly onNotice: (upload: Upload) => void;
}

const checkEveryMs = 2_000;
// Before this a speed is no more than a guess.
const leastMeasuredMs = 10_000;

/**
 * Watches whether an upload can end before its key does. Where it cannot, and a new key would not
 * cover the object, that is said at once, with the numbers, not when the key has died.
 */
export class KeyLife {
  readonly #options: KeyLifeOptions;
  readonly #sinceMs: number;
  #checkedAtMs: number;
  #carriesOver: boolean | null = null;

  constructor(options: KeyLifeOptions) {
    this.#options = options;
    this.#sinceMs = options.now();
    this.#checkedAtMs = this.#sinceMs;
  }

  check(): void {
    const nowMs = this.#options.now();
    if (this.#carriesOver !== null || nowMs - this.#checkedAtMs < checkEveryMs || nowMs - this.#sinceMs < leastMeasuredMs) return;
    this.#checkedAtMs = nowMs;
    const { state } = this.#options.upload;
    if (state.phase !== 'uploading') return;
    const fraction = fractionOf(state.progress);
    if (fraction <= 0) return;
    const leftMs = ((nowMs - this.#sinceMs) / fraction) * (1 - fraction);
    if (nowMs + leftMs < this.#options.credential.expiresAtMs) return;
    this.#carriesOver = true;
    void this.#ask(leftMs, nowMs);
  }

  async #ask(leftMs: number, nowMs: number): Promise<void> {
    const { broker, credential, key, upload, onNotice } = this.#options;
    try {
      const next = await broker.refresh();
      if (covers(next, key, credential)) return;
    } catch {
      // Not knowing is no reason to alarm anybody.
      this.#carriesOver = null;
      return;
    }
    upload.notice = {
      code: 'key-too-short',
      params: { minutesNeeded: Math.ceil(leftMs / 60_000), minutesLeft: Math.max(0, Math.floor((credential.expiresAtMs - nowMs) / 60_000)) },
    };
    onNotice(upload);
  }
}
