import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Holds all uploads together to so many bytes a second; null lets them run. The limit can change at
 * any time, and who waits goes by the new one within a fifth of a second.
 */
export class Throttle {
  #bytesPerSecond: number | null = null;
  #tokens = 0;
  #filledAtMs = performance.now();

  get limit(): number | null {
    return this.#bytesPerSecond;
  }

  set limit(bytesPerSecond: number | null) {
    this.#fill();
    this.#bytesPerSecond = bytesPerSecond;
    this.#tokens = Math.min(this.#tokens, this.#burst());
  }

  /** Settles when so many bytes may go. Rejects with the signal's reason. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.#bytesPerSecond === null) return;
      this.#fill();
      // Going into debt once lets a slice larger than the burst through, and keeps the average true.
      if (this.#tokens > 0) {
        this.#tokens -= bytes;
        return;
      }
      const waitMs = Math.min(longestWaitMs, Math.max(5, (-this.#tokens / this.#bytesPerSecond) * 1000));
      await sleep(waitMs, undefined, signal ? { signal } : {});
    }
  }

  #fill(): void {
    const nowMs = performance.now();
    if (this.#bytesPerSecond !== null) {
      this.#tokens = Math.min(this.#burst(), this.#tokens + ((nowMs - this.#filledAtMs) / 1000) * this.#bytesPerSecond);
    }
    this.#filledAtMs = nowMs;
  }

  #burst(): number {
    return (this.#bytesPerSecond ?? 0) / 10;
  }
}

const longestWaitMs = 200;
