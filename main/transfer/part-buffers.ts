/** Memory for one part, shared by all threads, until whoever holds it last lets go. */
export interface PartBuffer {
  readonly memory: SharedArrayBuffer;
  /** One more holds it. */
  retain(): void;
  release(): void;
}

const mebibyte = 1024 * 1024;
const smallestBytes = 64 * 1024;

/**
 * The memory of all parts that are made or in flight: used again and again, and never more than
 * `mostBytes` of it, save for one part that is larger than that by itself.
 */
export class PartBuffers {
  readonly #mostBytes: number;
  readonly #idle = new Map<number, SharedArrayBuffer[]>();
  readonly #waiting: { readonly bytes: number; readonly admit: () => void }[] = [];
  #usedBytes = 0;
  #idleBytes = 0;

  constructor(mostBytes = 96 * mebibyte) {
    this.#mostBytes = mostBytes;
  }

  /** Waits for room for so many bytes, in order; their content is not defined. Rejects with the signal's reason. */
  async take(bytes: number, signal: AbortSignal): Promise<PartBuffer> {
    signal.throwIfAborted();
    const size = sizeFor(bytes);
    if (this.#waiting.length > 0 || !this.#fits(size)) await this.#turn(size, signal);
    else this.#usedBytes += size;
    return this.#buffer(this.#memory(size));
  }

  /** Lets go of what nobody uses. */
  trim(): void {
    this.#idle.clear();
    this.#idleBytes = 0;
  }

  #fits(size: number): boolean {
    return this.#usedBytes === 0 || this.#usedBytes + size <= this.#mostBytes;
  }

  #turn(size: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiter = {
        bytes: size,
        admit: () => {
          signal.removeEventListener('abort', giveUp);
          this.#usedBytes += size;
          resolve();
        },
      };
      const giveUp = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason as Error);
        this.#admit();
      };
      this.#waiting.push(waiter);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      next.admit();
    }
  }

  #memory(size: number): SharedArrayBuffer {
    const known = this.#idle.get(size)?.pop();
    if (known) {
      this.#idleBytes -= size;
      return known;
    }
    // What lies idle in other sizes counts as memory as well.
    if (this.#usedBytes + this.#idleBytes > this.#mostBytes) this.trim();
    return new SharedArrayBuffer(size);
  }

  #buffer(memory: SharedArrayBuffer): PartBuffer {
    let holders = 1;
    return {
      memory,
      retain: () => { holders += 1; },
      release: () => {
        holders -= 1;
        if (holders === 0) this.#giveBack(memory);
      },
    };
  }

  #giveBack(memory: SharedArrayBuffer): void {
    const size = memory.byteLength;
    this.#usedBytes -= size;
    if (this.#usedBytes + this.#idleBytes + size <= this.#mostBytes) {
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
