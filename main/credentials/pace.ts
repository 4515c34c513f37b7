import { setTimeout as sleep } from 'node:timers/promises';

// Both documents allow 20 requests a second; 55 ms apart stays below it with room for jitter on the way.
const apartMs = 55;

/** Keeps calls apart so that no more than the allowed number starts in any second. Shared by all clients. */
export class Pace {
  #before: Promise<void> = Promise.resolve();
  #lastAtMs = -Infinity;

  /** Settles when it is this caller's turn. Rejects with the signal's reason; then it takes nobody's turn. */
  async turn(signal?: AbortSignal): Promise<void> {
    const mine = this.#before.then(() => this.#wait(signal));
    this.#before = mine.catch(() => undefined);
    await mine;
  }

  // By when the last one truly went, not when it was to go: timers that are late together would make a burst.
  async #wait(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    for (;;) {
      const waitMs = this.#lastAtMs + apartMs - performance.now();
      if (waitMs <= 0) break;
      await sleep(Math.ceil(waitMs), undefined, signal ? { signal } : {});
    }
    this.#lastAtMs = performance.now();
  }
}
