import type { Part } from './parts.ts';

export interface Sent {
  readonly bytes: number;
  /** The bytes on disk that the sent ones stand for. */
  readonly sourceBytes: number;
  /** What was handed over in all, tries that failed included; never falls. */
  readonly sentBytes: number;
  /** Of every part as much as its best try has handed over; never falls. */
  readonly reachedBytes: number;
  /** How many parts the store holds, and how many are on their way. */
  readonly held: number;
  readonly inFlight: number;
}

/** Progress as a sum over parts, so that a part sent again is never counted twice. */
export class Tally {
  readonly #onProgress: (sent: Sent) => void;
  readonly #flying = new Map<number, { readonly part: Part; readonly bytes: number; readonly bestBytes: number }>();
  #bytes = 0;
  #sourceBytes = 0;
  #sentBytes = 0;
  #reachedBytes = 0;
  #held = 0;

  constructor(onProgress: (sent: Sent) => void) {
    this.#onProgress = onProgress;
  }

  /** Bytes that were handed over in all, tries that failed included. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** `bytes` of this part were handed over in its present try; 0 begins a try. */
  sent(part: Part, bytes: number): void {
    const before = this.#flying.get(part.number) ?? { bytes: 0, bestBytes: 0 };
    const bestBytes = Math.max(bytes, before.bestBytes);
    this.#sentBytes += Math.max(0, bytes - before.bytes);
    this.#reachedBytes += bestBytes - before.bestBytes;
    this.#flying.set(part.number, { part, bytes, bestBytes });
    this.#report();
  }

  /** Every byte of the part was handed over in its present try. */
  isSent(part: Part): boolean {
    return this.#flying.get(part.number)?.bytes === part.bytes;
  }

  /** The store holds the part, sent now or earlier. */
  stored(part: Part): void {
    this.#flying.delete(part.number);
    this.#bytes += part.bytes;
    this.#sourceBytes += part.sourceBytes;
    this.#held += 1;
    this.#report();
  }

  #report(): void {
    let bytes = this.#bytes;
    let sourceBytes = this.#sourceBytes;
    for (const { part, bytes: sent } of this.#flying.values()) {
      bytes += sent;
      sourceBytes += part.bytes === 0 ? 0 : Math.floor((part.sourceBytes * sent) / part.bytes);
    }
    this.#onProgress({ bytes, sourceBytes, sentBytes: this.#sentBytes, reachedBytes: this.#reachedBytes, held: this.#held, inFlight: this.#flying.size });
  }
}
