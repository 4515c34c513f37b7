const mebibyte = 1024 * 1024;
const usualPartBytes = 4 * mebibyte;
/** COS: no part but the last may be smaller, and none larger. */
export const smallestPartBytes = mebibyte;
export const largestPartBytes = 5 * 1024 * mebibyte;

/** COS: at most 10,000 parts an object. */
export const mostParts = 10_000;

/** The largest object that COS takes in parts. */
export const largestObjectBytes = largestPartBytes * mostParts;

/** The size of every part but the last for an object of at most `maxBytes`: 4 MiB, more where 10,000 parts would not do. */
export function partSize(maxBytes: number): number {
  return Math.max(usualPartBytes, leastPartBytes(maxBytes));
}

/** The smallest size of a part, in whole MiB, with which an object of at most `maxBytes` is no more than 10,000 of them. */
export function leastPartBytes(maxBytes: number): number {
  return Math.max(1, Math.ceil(Math.ceil(maxBytes / mostParts) / mebibyte)) * mebibyte;
}
