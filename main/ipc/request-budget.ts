/** As many at once, and as many a second in the long run: far more than a person's hands, or a test's, can ask. */
export const usualBudget = { most: 300, perSecond: 100 } as const;

/**
 * A bucket of tokens, one a request; it fills with time. `take` says whether there was one.
 * `nowMs` is a clock that never goes back.
 */
export class RequestBudget {
  readonly #most: number;
  readonly #perMs: number;
  readonly #nowMs: () => number;
  #left: number;
  #filledAtMs: number;

  constructor({ most, perSecond }: { readonly most: number; readonly perSecond: number } = usualBudget, nowMs: () => number = () => performance.now()) {
    this.#most = most;
    this.#perMs = perSecond / 1000;
    this.#nowMs = nowMs;
    this.#left = most;
    this.#filledAtMs = nowMs();
  }

  take(): boolean {
    const nowMs = this.#nowMs();
    this.#left = Math.min(this.#most, this.#left + (nowMs - this.#filledAtMs) * this.#perMs);
    this.#filledAtMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
