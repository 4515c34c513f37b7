const mebibyte = 1024 * 1024;
const usualPartBytes = 4 * mebibyte;
const largestPartBytes = 5 * 1024 * mebibyte;

/** COS: at most 10,000 parts an object. */
export const mostParts = 10_000;

/** The largest object that COS takes in parts. */
export const largestObjectBytes = largestPartBytes * mostParts;

/** The size of every part but the last for an object of at most `maxBytes`: 4 MiB, more where 10,000 parts would not do. */
export function partSize(maxBytes: number): number {
  const needed = Math.ceil(Math.ceil(maxBytes / mostParts) / mebibyte) * mebibyte;
  return Math.max(usualPartBytes, needed);
}
