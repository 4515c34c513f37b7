/** The cloud's time: this computer's, corrected by what its servers said theirs is. Shared by API 3.0 and COS. */
export class Clock {
  readonly #local: () => number;
  #offsetMs = 0;

  constructor(local: () => number = Date.now) {
    this.#local = local;
  }

  /** Epoch milliseconds, as the servers count them. */
  readonly now = (): number => this.#local() + this.#offsetMs;

  /** What was added to this computer's time. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /**
   * Takes the time from the Date header of a reply to a request that was signed when `offsetMs` was
   * `signedAtOffsetMs`. Says whether that request may have been refused for its time alone: it
   * differed much from the server's, or from what others have learned meanwhile.
   */
  learn(dateHeader: string | null | undefined, signedAtOffsetMs: number): boolean {
    const serverMs = Date.parse(dateHeader ?? '');
    if (Number.isNaN(serverMs)) return false;
    if (Math.abs(serverMs - this.now()) >= noticeableMs) this.#offsetMs = serverMs - this.#local();
    return Math.abs(this.#offsetMs - signedAtOffsetMs) >= noticeableMs;
  }
}

// Date has whole seconds and the reply took a while, so a small difference says nothing.
const noticeableMs = 30_000;
