import { setTimeout as sleep } from 'node:timers/promises';

/** What all threads share of a throttle: the limit, and the time from which the next bytes may go. */
export type ThrottleMemory = SharedArrayBuffer;

const burstSeconds = 0.1;
const longestWaitMs = 200;

/**
 * Holds all uploads, in whatever threads they are sent, together to so many bytes a second; null
 * lets them run. The limit can change at any time, and who waits goes by the new one within a fifth
 * of a second.
 */
export class Throttle {
  readonly memory: ThrottleMemory;
  readonly #limit: Float64Array;
  /** On the clock that all threads of a process share, in ns. */
  readonly #freeAt: BigInt64Array;

  constructor(memory: ThrottleMemory = new SharedArrayBuffer(16)) {
    this.memory = memory;
    this.#limit = new Float64Array(memory, 0, 1);
    this.#freeAt = new BigInt64Array(memory, 8, 1);
  }

  get limit(): number | null {
    return this.#limit[0] || null;
  }

  set limit(bytesPerSecond: number | null) {
    const before = this.limit;
    this.#limit[0] = bytesPerSecond ?? 0;
    if (before === null || bytesPerSecond === null) return;
    // What went ahead of its time was counted by the old limit.
    for (;;) {
      const freeAt = Atomics.load(this.#freeAt, 0);
      const now = process.hrtime.bigint();
      if (freeAt <= now) return;
      const scaled = now + BigInt(Math.round(Number(freeAt - now) * before / bytesPerSecond));
      if (Atomics.compareExchange(this.#freeAt, 0, freeAt, scaled) === freeAt) return;
    }
  }

  /** Settles when so many bytes may go. Rejects with the signal's reason. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const limit = this.limit;
      if (limit === null) return;
      const now = process.hrtime.bigint();
      const freeAt = Atomics.load(this.#freeAt, 0);
      if (freeAt > now) {
        const waitMs = Math.min(longestWaitMs, Math.max(5, Number(freeAt - now) / 1e6));
        await sleep(waitMs, undefined, signal ? { signal } : {});
        continue;
      }
      // Going ahead once lets a slice larger than the burst through, and keeps the average true.
      const from = max(freeAt, now - BigInt(burstSeconds * 1e9));
      if (Atomics.compareExchange(this.#freeAt, 0, freeAt, from + BigInt(Math.ceil((bytes / limit) * 1e9))) === freeAt) return;
    }
  }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
