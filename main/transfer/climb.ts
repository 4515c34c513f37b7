/** What of the gain that as many more should bring is enough to keep them. */
const worthKeeping = 0.25;
const firstStep = 2;
const laterStep = 1.5;
const firstHoldWindows = 8;
const longestHoldWindows = 64;

interface Level {
  readonly limit: number;
  readonly rate: number;
}

/**
 * How many parts in flight a line is best used with: more as long as that brings more, one step back
 * where it does not, and another try after a while, ever later while it is in vain. Knows no time but
 * the windows it is told of.
 */
export class Climb {
  #limit: number;
  /** What the step that is being tried is compared with. */
  #before: Level | null = null;
  #hold = 0;
  #nextHold = firstHoldWindows;
  #step = firstStep;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get limit(): number {
    return this.#limit;
  }

  /** It has to go on from here: what was learned elsewhere says nothing. */
  restart(limit: number): void {
    this.#limit = limit;
    this.#before = null;
    this.#hold = 0;
  }

  /** A window has passed in which the limit was what held it back; `rate` is what it brought. Returns whether the limit has changed. */
  measured(rate: number, most: number): boolean {
    const { limit } = this;
    if (this.#before && rate < this.#before.rate * (1 + worthKeeping * (limit / this.#before.limit - 1))) {
      this.#limit = this.#before.limit;
      this.#before = null;
      this.#hold = this.#nextHold;
      this.#nextHold = Math.min(longestHoldWindows, this.#nextHold * 2);
      this.#step = laterStep;
      return true;
    }
    if (this.#before) this.#nextHold = firstHoldWindows;
    if (this.#hold > 0) {
      this.#before = null;
      this.#hold -= 1;
      return false;
    }
    const next = Math.min(most, Math.max(limit + 1, Math.floor(limit * this.#step)));
    if (next <= limit) {
      this.#before = null;
      return false;
    }
    this.#before = { limit, rate };
    this.#limit = next;
    return true;
  }
}
