/** Counts those inside, for one who lets others in and waits while there are too many. */
export class Places {
  readonly #many: () => number;
  #inside = 0;
  #waiting: (() => void) | null = null;

  /** `many` is asked anew whenever one leaves. */
  constructor(many: () => number) {
    this.#many = many;
  }

  enter(): void {
    this.#inside += 1;
  }

  leave(): void {
    this.#inside -= 1;
    if (this.#inside < this.#many()) this.#waiting?.();
  }

  /** Settles once one more may enter. */
  async room(): Promise<void> {
    if (this.#inside < this.#many()) return;
    await new Promise<void>((resolve) => { this.#waiting = resolve; });
    this.#waiting = null;
  }
}
