const mebibyte = 1024 * 1024;
const usualPartBytes = 2 * mebibyte;
const largestChosenBytes = 16 * mebibyte;
// Long enough that waiting for its answer costs little, short enough that a part sent again does.
const chosenSeconds = 0.7;
/** A body up to this size is one of many that go out together. */
export const smallBodyBytes = mebibyte;
/** COS: no part but the last may be smaller, and none larger. */
export const smallestPartBytes = mebibyte;
export const largestPartBytes = 5 * 1024 * mebibyte;

/** COS: at most 10,000 parts an object. */
export const mostParts = 10_000;

/** The largest object that COS takes in parts. */
export const largestObjectBytes = largestPartBytes * mostParts;

/**
 * The size of every part but the last for an object of at most `maxBytes`: what one connection carries
 * in 0.7 s, where that is known, in whole MiB from 1 to 16; 2 MiB where it is not; more where 10,000
 * parts would not do.
 */
export function partSize(maxBytes: number, bytesPerSecondEach: number | null = null): number {
  const chosen = bytesPerSecondEach === null
    ? usualPartBytes
    : Math.min(largestChosenBytes, Math.max(1, Math.floor((bytesPerSecondEach * chosenSeconds) / mebibyte)) * mebibyte);
  return Math.max(chosen, leastPartBytes(maxBytes));
}

/** The smallest size of a part, in whole MiB, with which an object of at most `maxBytes` is no more than 10,000 of them. */
export function leastPartBytes(maxBytes: number): number {
  return Math.max(1, Math.ceil(Math.ceil(maxBytes / mostParts) / mebibyte)) * mebibyte;
}
