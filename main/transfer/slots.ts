/**
 * A number of places that many can wait for in order. The number follows how it goes: it halves
 * when the store asks for less or does not answer, and grows back by one for each round that goes
 * well. The most there may be can change at any time.
 */
export class Slots {
  #most: number;
  #limit: number;
  #taken = 0;
  #wellSince = 0;
  #halvedAtMs = -Infinity;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
    this.#limit = most;
  }

  /** How many there are at this moment. */
  get limit(): number {
    return this.#limit;
  }

  set most(most: number) {
    const wasFull = this.#limit === this.#most;
    this.#most = most;
    this.#limit = wasFull ? most : Math.min(this.#limit, most);
    this.#admit();
  }

  /** The store is overloaded, or the line is. Many at once count as one. */
  readonly troubled = (): void => {
    this.#wellSince = 0;
    const nowMs = performance.now();
    if (nowMs - this.#halvedAtMs < settleMs) return;
    this.#halvedAtMs = nowMs;
    this.#limit = Math.max(Math.min(2, this.#most), Math.floor(this.#limit / 2));
  };

  /** A request went well. */
  readonly well = (): void => {
    if (this.#limit >= this.#most) return;
    this.#wellSince += 1;
    if (this.#wellSince < this.#limit) return;
    this.#wellSince = 0;
    this.#limit += 1;
    this.#admit();
  };

  /** Waits for a place; the returned function gives it back, once. Rejects with the signal's reason. */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#taken >= this.#limit) await this.#turn(signal);
    else this.#taken += 1;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#taken -= 1;
      this.#admit();
    };
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const admit = (): void => {
        signal.removeEventListener('abort', giveUp);
        this.#taken += 1;
        resolve();
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(admit), 1);
        reject(signal.reason as Error);
      };
      this.#waiting.push(admit);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  #admit(): void {
    while (this.#taken < this.#limit) {
      const next = this.#waiting.shift();
      if (!next) return;
      next();
    }
  }
}

const settleMs = 1_000;
