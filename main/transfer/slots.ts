import { Climb } from './climb.ts';

/** What a small body takes of a place: it needs the line for little but the wait for its answer. */
export const smallShare = 1 / 8;
const firstLimit = 8;
const leastLimit = 2;
const settleMs = 1_000;
// New connections take a moment to get to their speed, and what the system takes in advance must not count.
const startMs = 300;
const windowMs = 700;
const lookEveryMs = 200;

export interface SlotsOptions {
  /** Milliseconds of a clock that never goes back. */
  readonly now?: () => number;
  /** Where the limit begins; default 8. */
  readonly first?: number;
}

interface Waiter {
  readonly share: number;
  readonly admit: () => void;
}

/**
 * A number of places that many can wait for in order. The number follows how it goes: it grows while
 * that brings more bytes, halves when the store asks for less or does not answer, and then grows back
 * by one for each round that goes well. The most there may be can change at any time.
 */
export class Slots {
  readonly #now: () => number;
  readonly #climb: Climb;
  readonly #waiting: Waiter[] = [];
  readonly #first: number;
  #most: number;
  /** How many there were before trouble came; null while there is none. */
  #healthy: number | null = null;
  #limit: number;
  #share = 0;
  #taken = 0;
  #wellSince = 0;
  #halvedAtMs = -Infinity;
  #window: { readonly startsAtMs: number; bytes: number } | null = null;
  #rate: number | null = null;
  #looking: NodeJS.Timeout | null = null;

  constructor(most: number, { now = () => performance.now(), first = firstLimit }: SlotsOptions = {}) {
    this.#now = now;
    this.#first = first;
    this.#most = most;
    this.#limit = Math.min(first, most);
    this.#climb = new Climb(this.#limit);
  }

  /** How many there are at this moment. */
  get limit(): number {
    return this.#limit;
  }

  /** Bytes a second that one place has brought of late; null where that was not measured. */
  get bytesPerSecondEach(): number | null {
    return this.#rate === null ? null : this.#rate / this.#limit;
  }

  set most(most: number) {
    const wasCapped = this.#limit === this.#most;
    this.#most = most;
    if (this.#limit > most) this.#restart(most);
    else if (wasCapped && this.#limit < this.#first) this.#restart(Math.min(this.#first, most));
    this.#admit();
  }

  /** The store is overloaded, or the line is. Many at once count as one. */
  readonly troubled = (): void => {
    this.#wellSince = 0;
    const nowMs = this.#now();
    if (nowMs - this.#halvedAtMs < settleMs) return;
    this.#halvedAtMs = nowMs;
    this.#healthy ??= this.#limit;
    this.#restart(Math.max(Math.min(leastLimit, this.#most), Math.floor(this.#limit / 2)));
  };

  /** A request went well. */
  readonly well = (): void => {
    if (this.#healthy === null) return;
    this.#wellSince += 1;
    if (this.#wellSince < this.#limit) return;
    this.#wellSince = 0;
    this.#restart(Math.min(this.#most, this.#limit + 1));
    if (this.#limit >= Math.min(this.#healthy, this.#most)) this.#healthy = null;
    this.#admit();
  };

  /** So many more bytes were handed over. */
  moved(bytes: number): void {
    const nowMs = this.#now();
    // With places free, it is not their number that bounds what goes over the line.
    if (this.#waiting.length === 0) {
      this.#window = null;
      if (this.#looking) clearInterval(this.#looking);
      this.#looking = null;
    }
    else if (!this.#window) this.#window = { startsAtMs: nowMs + startMs, bytes: 0 };
    else if (nowMs >= this.#window.startsAtMs) {
      this.#window.bytes += bytes;
      if (nowMs - this.#window.startsAtMs >= windowMs) this.#measured((this.#window.bytes * 1000) / (nowMs - this.#window.startsAtMs));
    }
  }

  /** Waits for a place; the returned function gives it back, once. Rejects with the signal's reason. */
  async take(signal: AbortSignal, isSmall = false): Promise<() => void> {
    signal.throwIfAborted();
    const share = isSmall ? smallShare : 1;
    if (this.#waiting.length > 0 || !this.#fits(share)) await this.#turn(share, signal);
    else this.#enter(share);
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.#share -= share;
      this.#taken -= 1;
      this.#admit();
    };
  }

  #measured(rate: number): void {
    this.#window = null;
    if (rate > 0) this.#rate = rate;
    if (this.#healthy !== null || !this.#climb.measured(rate, this.#most)) return;
    this.#limit = this.#climb.limit;
    this.#admit();
  }

  #restart(limit: number): void {
    this.#limit = limit;
    this.#climb.restart(limit);
    this.#window = null;
  }

  #fits(share: number): boolean {
    return this.#taken < this.#most && this.#share + share <= this.#limit;
  }

  #enter(share: number): void {
    this.#share += share;
    this.#taken += 1;
  }

  #turn(share: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = {
        share,
        admit: () => {
          signal.removeEventListener('abort', giveUp);
          this.#enter(share);
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason as Error);
        this.#admit();
      };
      this.#waiting.push(waiter);
      // Where everything was taken in advance, by the system or a proxy, silence says that there is room for more.
      this.#looking ??= setInterval(() => { this.moved(0); }, lookEveryMs).unref();
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#fits(next.share); next = this.#waiting[0]) {
      this.#waiting.shift();
      next.admit();
    }
  }
}
