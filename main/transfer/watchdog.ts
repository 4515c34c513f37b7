import { wholeTurn } from './whole-turn.ts';

/** Calls `onStill` once nothing has moved for `stillMs`, leaving out the times it is held. */
export class Watchdog {
  #stillMs: number;
  readonly #onStill: () => void;
  #timer: NodeJS.Timeout | null = null;
  #ended = false;
  #changes = 0;

  constructor(stillMs: number, onStill: () => void) {
    this.#stillMs = stillMs;
    this.#onStill = onStill;
    this.moved();
  }

  /** Something moved; also ends a hold. */
  moved(): void {
    if (this.#ended) return;
    this.#changes += 1;
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(() => { void this.#expire(); }, this.#stillMs);
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
    this.#changes += 1;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  end(): void {
    this.hold();
    this.#ended = true;
  }

  /** After the thread was kept, or the computer slept, the time is over before what came meanwhile is read: that takes a whole turn. */
  async #expire(): Promise<void> {
    const before = this.#changes;
    await wholeTurn();
    if (this.#changes === before) this.#onStill();
  }
}
