import type { UploadsDelta, UploadsPiece } from '../../preload/contract.ts';

// The window takes one in within a millisecond, and a frame has room for one or two.
const usual = 200;
// What comes next waits for all of them.
const mostPieces = 10;
const everyMs = 10;

/** The delta as several; the window shows what came with the first ones when it has the last. */
export function inPieces({ sources, uploads, removedSourceIds, removedUploadIds, totals }: UploadsDelta): readonly UploadsPiece[] {
  const all = Math.max(sources.length, uploads.length);
  const each = Math.max(usual, Math.ceil(all / mostPieces));
  const count = Math.max(1, Math.ceil(all / each));
  return Array.from({ length: count }, (_, index) => {
    const [from, end, more] = [index * each, (index + 1) * each, index < count - 1];
    return {
      sources: sources.slice(from, end),
      uploads: uploads.slice(from, end),
      removedSourceIds: more ? [] : removedSourceIds,
      removedUploadIds: more ? [] : removedUploadIds,
      totals,
      more,
    };
  });
}

/** Hands things over in their order, the first at once and each further one a little after that before it. */
export class Paced<T> {
  readonly #handOver: (one: T) => void;
  readonly #waiting: T[] = [];
  #isPaused = false;

  constructor(handOver: (one: T) => void) {
    this.#handOver = handOver;
  }

  add(all: readonly T[]): void {
    this.#waiting.push(...all);
    if (!this.#isPaused) this.#next();
  }

  /** Hands over all that waits. */
  flush(): void {
    for (const one of this.#waiting.splice(0)) this.#handOver(one);
  }

  #next(): void {
    this.#isPaused = this.#waiting.length > 0;
    const one = this.#waiting.shift();
    if (one === undefined) return;
    setTimeout(() => { this.#next(); }, everyMs);
    this.#handOver(one);
  }
}
