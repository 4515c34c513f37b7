/** The cloud's time: this computer's, corrected by what its servers said theirs is. Shared by API 3.0 and COS. */
export class Clock {
  readonly #local: () => number;
  #offsetMs = 0;

  constructor(local: () => number = Date.now) {
    this.#local = local;
  }

  /** Epoch milliseconds, as the servers count them. */
  readonly now = (): number => this.#local() + this.#offsetMs;

  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * Takes the time from a reply's Date header. Says whether it differed so much that a request
   * signed by the former time may have been refused for it.
   */
  learn(dateHeader: string | null | undefined): boolean {
    const serverMs = Date.parse(dateHeader ?? '');
    if (Number.isNaN(serverMs)) return false;
    const differsMs = Math.abs(serverMs - this.now());
    if (differsMs < noticeableMs) return false;
    this.#offsetMs = serverMs - this.#local();
    return true;
  }
}

// Date has whole seconds and the reply took a while, so a small difference says nothing.
const noticeableMs = 30_000;
