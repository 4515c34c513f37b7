import { Readable } from 'node:stream';

const sliceBytes = 64 * 1024;

/**
 * The buffer as a stream in small slices, so that progress is seen as the connection takes them;
 * `onSent` gets the running total.
 */
export function bodyStream(data: Buffer, onSent: (bytes: number) => void): Readable {
  let offset = 0;
  return new Readable({
    highWaterMark: sliceBytes,
    read() {
      if (offset > 0) onSent(offset);
      if (offset >= data.length) {
        this.push(null);
        return;
      }
      const end = Math.min(offset + sliceBytes, data.length);
      this.push(data.subarray(offset, end));
      offset = end;
    },
  });
}
