import { Readable } from 'node:stream';
import type { Throttle } from './throttle.ts';

const sliceBytes = 64 * 1024;

/**
 * The buffer as a stream in small slices, so that progress is seen as the connection takes them and
 * a limit holds; `onSent` gets the running total.
 */
export function bodyStream(data: Buffer, throttle: Throttle, onSent: (bytes: number) => void): Readable {
  let offset = 0;
  const stream: Readable = new Readable({
    highWaterMark: sliceBytes,
    read() {
      if (offset > 0) onSent(offset);
      if (offset >= data.length) {
        stream.push(null);
        return;
      }
      const end = Math.min(offset + sliceBytes, data.length);
      const slice = data.subarray(offset, end);
      offset = end;
      if (throttle.limit === null) {
        stream.push(slice);
        return;
      }
      throttle.take(slice.length).then(() => {
        if (!stream.destroyed) stream.push(slice);
      }, (error: Error) => { stream.destroy(error); });
    },
  });
  return stream;
}
