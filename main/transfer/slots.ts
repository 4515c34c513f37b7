import { Climb } from './climb.ts';
import { waitInLine, type InLine } from './wait-in-line.ts';

/** What a small body takes of a place: it needs the line for little but the wait for its answer. */
export const smallShare = 1 / 8;
// And of the most that there may be: its request is over soon, and until then the threads need others to be at.
const smallRoom = 1 / 2;
// One that takes so long has waited for the line.
const lineWaitMs = 2_000;
// One failure can be chance; a store that fails so often in a row is asked by one at a time.
const mostInARow = 3;
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

export interface Want {
  /** The store that it is for. */
  readonly place: string;
  readonly isSmall?: boolean;
  readonly signal: AbortSignal;
}

/** Waits for something other than the line, and has no place meanwhile. */
export type Outside = (wait: () => Promise<void>) => Promise<void>;

/** All bodies for one store. */
interface Party {
  taken: number;
  share: number;
  failures: number;
}

/** What a body takes: its share of the places, and its room in the most that there may be. */
type Size = Readonly<Record<'share' | 'room', number>>;

interface Waiting {
  readonly party: Party;
  readonly isSmall: boolean;
}

/**
 * A number of places that many can wait for in order. The number follows how it goes: it grows while
 * that brings more bytes, halves when the store asks for less or does not answer, and then grows back
 * by one for each round that goes well. The most there may be can change at any time. A store that does
 * nothing but fail has one place, beside those of the others, until it takes something again; where no
 * more may be, it takes turns with them.
 */
export class Slots {
  readonly #now: () => number;
  readonly #climb: Climb;
  readonly #waiting: InLine<Waiting, Size>[] = [];
  readonly #parties = new Map<string, Party>();
  readonly #first: number;
  #most: number;
  /** How many there were before trouble came; null while there is none. */
  #healthy: number | null = null;
  #limit: number;
  /** Of the places, without those of stores that fail. */
  #share = 0;
  #taken = 0;
  /** How many stores fail. */
  #failing = 0;
  /** Whether the last place was given to one of them. */
  #failingHadLast = false;
  /** How long the last small body took. */
  #smallMs = 0;
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

  /** This store is overloaded, or the line is. Many at once count as one. */
  troubled(place: string): void {
    // What does nothing but fail tells nothing of the line.
    if (isFailing(this.#party(place))) return;
    this.#wellSince = 0;
    const nowMs = this.#now();
    if (nowMs - this.#halvedAtMs < settleMs) return;
    this.#halvedAtMs = nowMs;
    this.#healthy ??= this.#limit;
    this.#restart(Math.max(Math.min(leastLimit, this.#most), Math.floor(this.#limit / 2)));
  }

  /** This store has not taken a body, for a reason that passes. */
  failed(place: string): void {
    const party = this.#party(place);
    party.failures += 1;
    if (party.failures !== mostInARow) return;
    this.#failing += 1;
    this.#share -= party.share;
    this.#admit();
  }

  /** This store has taken a body. */
  well(place: string): void {
    const party = this.#party(place);
    const failed = isFailing(party);
    party.failures = 0;
    if (failed) {
      this.#failing -= 1;
      this.#share += party.share;
      this.#admit();
    }
    if (this.#healthy === null) return;
    this.#wellSince += 1;
    if (this.#wellSince < this.#limit) return;
    this.#wellSince = 0;
    this.#restart(Math.min(this.#most, this.#limit + 1));
    if (this.#limit >= Math.min(this.#healthy, this.#most)) this.#healthy = null;
    this.#admit();
  }

  /** So many more bytes were handed over. */
  moved(bytes: number): void {
    const nowMs = this.#now();
    // With places free, it is not their number that bounds what goes over the line.
    if (!this.#isWaitedFor) {
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

  /** Does something once there is a place for it, and gives the place back. Rejects with the signal's reason while it waits. */
  async during<T>(want: Want, work: (outside: Outside) => Promise<T>): Promise<T> {
    let release = await this.take(want);
    try {
      return await work(async (wait) => {
        release();
        await wait();
        release = await this.take(want);
      });
    } finally {
      release();
    }
  }

  /** Waits for a place; the returned function gives it back, once. Rejects with the signal's reason. */
  async take({ place, isSmall = false, signal }: Want): Promise<() => void> {
    signal.throwIfAborted();
    const party = this.#party(place);
    let size = this.#sizeOf(isSmall);
    if (this.#waiting.length > 0 || !this.#fits(party, size)) size = await this.#turn(party, isSmall, signal);
    else this.#enter(party, size);
    const startedAtMs = isSmall ? this.#now() : 0;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      if (isSmall) this.#smallMs = this.#now() - startedAtMs;
      this.#taken -= size.room;
      party.taken -= 1;
      party.share -= size.share;
      if (!isFailing(party)) this.#share -= size.share;
      this.#admit();
    };
  }

  /** Whether somebody waits whom more places would help. */
  get #isWaitedFor(): boolean {
    return this.#waiting.length > 0 && (this.#failing === 0 || this.#waiting.some(({ want }) => !isFailing(want.party)));
  }

  #party(place: string): Party {
    let party = this.#parties.get(place);
    if (!party) this.#parties.set(place, party = { taken: 0, share: 0, failures: 0 });
    return party;
  }

  #sizeOf(isSmall: boolean): Size {
    // A whole place where small bodies wait for the line, or a store has too many of them.
    const share = isSmall && this.#healthy === null && this.#smallMs < lineWaitMs ? smallShare : 1;
    return { share, room: isSmall && this.#most > 1 ? smallRoom : 1 };
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

  #fits(party: Party, { share, room }: Size): boolean {
    if (this.#taken + room > this.#most) return false;
    return isFailing(party) ? party.taken === 0 : this.#share + share <= this.#limit;
  }

  /** Whether the last place that there may be is another's turn: stores that fail would have it again and again. */
  #yieldsLast(): boolean {
    if (!this.#failingHadLast || this.#taken + 1 < this.#most) return false;
    const well = this.#waiting.find(({ want }) => !isFailing(want.party));
    return well !== undefined && this.#fits(well.want.party, this.#sizeOf(well.want.isSmall));
  }

  #enter(party: Party, { share, room }: Size): void {
    this.#taken += room;
    party.taken += 1;
    party.share += share;
    this.#failingHadLast = isFailing(party);
    if (!this.#failingHadLast) this.#share += share;
  }

  /** Resolves with what it has been given. */
  #turn(party: Party, isSmall: boolean, signal: AbortSignal): Promise<Size> {
    const turn = waitInLine(this.#waiting, { party, isSmall }, signal, () => { this.#admit(); });
    // Where everything was taken in advance, by the system or a proxy, silence says that there is room for more.
    this.#looking ??= setInterval(() => { this.moved(0); }, lookEveryMs).unref();
    // Those before it may be waiting for something else.
    if (this.#failing > 0) this.#admit();
    return turn;
  }

  #admit(): void {
    let isFull = false;
    for (let index = 0; index < this.#waiting.length && this.#taken < this.#most;) {
      const next = this.#waiting[index];
      if (!next) return;
      const { party, isSmall } = next.want;
      const failing = isFailing(party);
      const size = this.#sizeOf(isSmall);
      if (this.#fits(party, size) && (failing ? !this.#yieldsLast() : !isFull)) {
        this.#waiting.splice(index, 1);
        this.#enter(party, size);
        next.admit(size);
        continue;
      }
      // In order, but for those that wait for their own store.
      if (this.#failing === 0) return;
      isFull ||= !failing;
      index += 1;
    }
  }
}

function isFailing({ failures }: Party): boolean {
  return failures >= mostInARow;
}
