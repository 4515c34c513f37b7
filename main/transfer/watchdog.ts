/** Calls `onStill` once nothing has moved for `stillMs`, leaving out the times it is held. */
export class Watchdog {
  #stillMs: number;
  readonly #onStill: () => void;
  #timer: NodeJS.Timeout | null = null;
  #ended = false;

  constructor(stillMs: number, onStill: () => void) {
    this.#stillMs = stillMs;
    this.#onStill = onStill;
    this.moved();
  }

  /** Something moved; also ends a hold. */
  moved(): void {
    if (this.#ended) return;
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(this.#onStill, this.#stillMs);
  }

  /** From now on it may be still for so long, where that is longer than before. */
  allow(stillMs: number): void {
    if (stillMs <= this.#stillMs) return;
    this.#stillMs = stillMs;
    this.hold();
    this.moved();
  }

  /** It is this side that waits now: nothing is expected to move. */
  hold(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  end(): void {
    this.hold();
    this.#ended = true;
  }
}
