const mebibyte = 1024 * 1024;
const usualPartBytes = 2 * mebibyte;
const largestChosenBytes = 8 * mebibyte;
// Long enough that waiting for its answer costs little, short enough that a part sent again does.
const chosenSeconds = 0.7;
/** A body up to this size is one of many that go out together. */
export const smallBodyBytes = mebibyte;
/** COS: no part but the last may be smaller. */
export const smallestPartBytes = mebibyte;
/** A part is held in memory as a whole, so COS's own 5 GiB would be beyond what can be held. */
export const largestPartBytes = 512 * mebibyte;

const halvedParts = 8;

/** COS: at most 10,000 parts an object. */
export const mostParts = 10_000;

/** The largest object that can be sent in parts: 4.88 TiB. */
export const largestObjectBytes = largestPartBytes * mostParts;

/**
 * The size of every part but the last for an object of at most `maxBytes`: what one connection carries
 * in 0.7 s, where that is known, in whole MiB from 1 to 8; 2 MiB where it is not; more where 10,000
 * parts would not do.
 */
export function partSize(maxBytes: number, bytesPerSecondEach: number | null = null): number {
  const chosen = bytesPerSecondEach === null
    ? usualPartBytes
    : Math.min(largestChosenBytes, Math.max(1, Math.floor((bytesPerSecondEach * chosenSeconds) / mebibyte)) * mebibyte);
  return Math.max(chosen, leastPartBytes(maxBytes));
}

/**
 * Where the parts of a file of `bytes` begin. The last ones are halves, so that all connections come to
 * their end at about the same time; not where that would make more than 10,000.
 */
export function partStarts(bytes: number, partBytes: number): readonly number[] {
  const halfBytes = Math.min(partBytes, Math.max(smallestPartBytes, Math.ceil(partBytes / 2)));
  const halves = bytes > partBytes && bytes / partBytes + halvedParts <= mostParts ? halvedParts * partBytes : 0;
  const starts = [0];
  for (let start = 0; ;) {
    start += bytes - start > halves ? partBytes : halfBytes;
    if (start >= bytes) return starts;
    starts.push(start);
  }
}

/** The smallest size of a part, in whole MiB, with which an object of at most `maxBytes` is no more than 10,000 of them. */
export function leastPartBytes(maxBytes: number): number {
  return Math.max(1, Math.ceil(Math.ceil(maxBytes / mostParts) / mebibyte)) * mebibyte;
}
