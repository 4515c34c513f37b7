import type { UploadsDelta, UploadsPiece } from '../../preload/contract.ts';

// The window takes one in within a millisecond, and a frame has room for one or two.
const most = 200;
const everyMs = 10;

/** The delta as several; the window shows what came with the first ones when it has the last. */
export function inPieces({ sources, uploads, removedSourceIds, removedUploadIds, totals }: UploadsDelta): readonly UploadsPiece[] {
  const count = Math.max(1, Math.ceil(Math.max(sources.length, uploads.length) / most));
  return Array.from({ length: count }, (_, index) => {
    const [from, end, more] = [index * most, (index + 1) * most, index < count - 1];
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

/**
 * Hands things over in their order, the first at once and each further one a little after that
 * before it. What a page that is just loading gets in this way may be older than what it has asked
 * for; what has changed since then comes next.
 */
export function paced<T>(handOver: (one: T) => void): (all: readonly T[]) => void {
  const waiting: T[] = [];
  let isPaused = false;
  const next = (): void => {
    isPaused = waiting.length > 0;
    const one = waiting.shift();
    if (one === undefined) return;
    setTimeout(next, everyMs);
    handOver(one);
  };
  return (all) => {
    waiting.push(...all);
    if (!isPaused) next();
  };
}
