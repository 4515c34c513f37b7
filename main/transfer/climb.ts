/** What of the gain that as many more should bring is enough to keep them. */
const worthKeeping = 0.25;
// With so much each it is not loss that holds them back, and a try costs a short upload more than it could bring.
const plentyBytesPerSecondEach = 2e6;
const patientWindows = 16;
const firstStep = 2;
const laterStep = 1.5;
const firstHoldWindows = 8;
const longestHoldWindows = 64;
// Connections that are left idle take their share of the line with them, and the others get to it slowly.
const backWindows = 4;

interface Level {
  readonly limit: number;
  readonly rate: number;
}

/**
 * How many parts in flight a line is best used with: more as long as that brings more, back step by step
 * where it does not, and another try after a while, ever later while it is in vain. Knows no time but
 * the windows it is told of.
 */
export class Climb {
  #limit: number;
  /** What the step that is being tried is compared with. */
  #before: Level | null = null;
  /** Where a step in vain goes back to, and by how many in each window. */
  #back: { readonly to: number; readonly by: number } | null = null;
  /** Windows before the next try; null until the first has told how much each brings. */
  #hold: number | null = null;
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
    this.#back = null;
    this.#hold = null;
  }

  /** A window has passed in which the limit was what held it back; `rate` is what it brought. Returns whether the limit has changed. */
  measured(rate: number, most: number): boolean {
    const limit = this.#limit;
    if (this.#before && rate < this.#before.rate * (1 + worthKeeping * (limit / this.#before.limit - 1))) {
      this.#back = { to: this.#before.limit, by: Math.ceil((limit - this.#before.limit) / backWindows) };
      this.#hold = this.#nextHold;
      this.#nextHold = Math.min(longestHoldWindows, this.#nextHold * 2);
      this.#step = laterStep;
    } else if (this.#before) this.#nextHold = firstHoldWindows;
    this.#before = null;
    if (this.#back) {
      this.#limit = Math.max(this.#back.to, limit - this.#back.by);
      if (this.#limit === this.#back.to) this.#back = null;
      return true;
    }
    this.#hold ??= rate / limit < plentyBytesPerSecondEach ? 0 : patientWindows;
    if (this.#hold > 0) {
      this.#hold -= 1;
      return false;
    }
    const next = Math.min(most, Math.max(limit + 1, Math.floor(limit * this.#step)));
    if (next <= limit) return false;
    this.#before = { limit, rate };
    this.#limit = next;
    return true;
  }
}
