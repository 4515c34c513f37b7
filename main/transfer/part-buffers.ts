import { waitInLine, type InLine } from './wait-in-line.ts';

/** Memory for one part, shared by all threads, until whoever holds it last lets go. */
export interface PartBuffer {
  readonly memory: SharedArrayBuffer;
  /** One more holds it. */
  retain(): void;
  release(): void;
}

export interface PartBuffersOptions {
  /** Memory in all, but for parts so large that the line could not be filled with what fits in; default 128 MiB. */
  readonly mostBytes?: number;
  /** How many parts the line has a use for at this moment. */
  readonly inFlight?: () => number;
}

/** What the parts for one store hold. */
interface Party {
  bytes: number;
}

interface Waiting {
  readonly party: Party;
  readonly bytes: number;
}

const mebibyte = 1024 * 1024;
const smallestBytes = 64 * 1024;
const usualBytes = 128 * mebibyte;
const largestBytes = 512 * mebibyte;
// A store takes no more than so many times what it leaves, so that others always find some.
const timesLeft = 3;
const lonelyShare = timesLeft / (timesLeft + 1);
// Beside those in flight: one is waiting for its place and one is made.
const besideFlight = 2;
// One is sent while the next is made.
const leastParts = 2;

/**
 * The memory of all parts that are made or in flight, used again and again. A store by itself comes to
 * three quarters of it, whether its parts are sent or wait for it to be able again. Large parts, which
 * are the large objects', get as much as the line's parts in flight need, up to four times as much.
 * Two parts for a store always fit, whatever the others hold.
 */
export class PartBuffers {
  readonly #mostBytes: number;
  readonly #inFlight: () => number;
  readonly #idle = new Map<number, SharedArrayBuffer[]>();
  readonly #parties = new Map<string, Party>();
  readonly #waiting: InLine<Waiting, void>[] = [];
  #usedBytes = 0;
  #idleBytes = 0;

  constructor({ mostBytes = usualBytes, inFlight = () => 0 }: PartBuffersOptions = {}) {
    this.#mostBytes = mostBytes;
    this.#inFlight = inFlight;
  }

  /** Waits for room for so many bytes of a part for a store, in order; their content is not defined. Rejects with the signal's reason. */
  async take(bytes: number, place: string, signal: AbortSignal): Promise<PartBuffer> {
    signal.throwIfAborted();
    const size = sizeFor(bytes);
    let party = this.#parties.get(place);
    if (!party) this.#parties.set(place, party = { bytes: 0 });
    if (this.#waiting.length > 0 || !this.#fits(party, size)) await this.#turn(party, size, signal);
    else this.#enter(party, size);
    return this.#buffer(party, this.#memory(size));
  }

  /** Lets go of what nobody uses. */
  trim(): void {
    this.#idle.clear();
    this.#idleBytes = 0;
  }

  #mostFor(size: number): number {
    const wanted = Math.max(leastParts, Math.min(this.#inFlight() + besideFlight, Math.floor(largestBytes * lonelyShare / size))) * size;
    return Math.max(this.#mostBytes, Math.ceil(wanted / lonelyShare));
  }

  #fits({ bytes }: Party, size: number): boolean {
    return bytes + size <= leastParts * size || bytes + size <= timesLeft * (this.#mostFor(size) - this.#usedBytes - size);
  }

  #enter(party: Party, size: number): void {
    this.#usedBytes += size;
    party.bytes += size;
  }

  #turn(party: Party, bytes: number, signal: AbortSignal): Promise<void> {
    const turn = waitInLine(this.#waiting, { party, bytes }, signal, () => { this.#admit(); });
    // Those before it may be waiting for their own store's parts.
    this.#admit();
    return turn;
  }

  #admit(): void {
    for (let index = 0; index < this.#waiting.length;) {
      const next = this.#waiting[index];
      // In order, but for those whose store has its share.
      if (next && this.#fits(next.want.party, next.want.bytes)) {
        this.#waiting.splice(index, 1);
        this.#enter(next.want.party, next.want.bytes);
        next.admit();
      } else index += 1;
    }
  }

  #memory(size: number): SharedArrayBuffer {
    const known = this.#idle.get(size)?.pop();
    if (known) {
      this.#idleBytes -= size;
      return known;
    }
    // What lies idle in other sizes counts as memory as well.
    if (this.#usedBytes + this.#idleBytes > this.#mostBytes * lonelyShare) this.trim();
    return new SharedArrayBuffer(size);
  }

  #buffer(party: Party, memory: SharedArrayBuffer): PartBuffer {
    let holders = 1;
    return {
      memory,
      retain: () => { holders += 1; },
      release: () => {
        holders -= 1;
        if (holders === 0) this.#giveBack(party, memory);
      },
    };
  }

  #giveBack(party: Party, memory: SharedArrayBuffer): void {
    const size = memory.byteLength;
    this.#usedBytes -= size;
    party.bytes -= size;
    if (this.#usedBytes + this.#idleBytes + size <= this.#mostBytes * lonelyShare) {
      const same = this.#idle.get(size);
      if (same) same.push(memory);
      else this.#idle.set(size, [memory]);
      this.#idleBytes += size;
    }
    this.#admit();
  }
}

/** Few sizes, so that what was used can be used again. */
function sizeFor(bytes: number): number {
  let size = smallestBytes;
  while (size < bytes && size < mebibyte) size *= 2;
  return size >= bytes ? size : Math.ceil(bytes / mebibyte) * mebibyte;
}
