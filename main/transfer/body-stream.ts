import { Readable } from 'node:stream';
import type { Throttle } from './throttle.ts';
import type { Watchdog } from './watchdog.ts';

const largestSlice = 64 * 1024;
const smallestSlice = 4 * 1024;

/**
 * The buffer as a stream in small slices, so that progress is seen as the connection takes them and
 * a limit holds; `onSent` gets the running total.
 */
export function bodyStream(data: Buffer, throttle: Throttle, watchdog: Watchdog, onSent: (bytes: number) => void): Readable {
  let offset = 0;
  const stream: Readable = new Readable({
    highWaterMark: largestSlice,
    read() {
      watchdog.moved();
      if (offset > 0) onSent(offset);
      if (offset >= data.length) {
        stream.push(null);
        return;
      }
      const { limit } = throttle;
      // Under a low limit a large slice would let each of many connections wait for long.
      const bytes = limit === null ? largestSlice : Math.min(largestSlice, Math.max(smallestSlice, Math.floor(limit / 8)));
      const slice = data.subarray(offset, offset + bytes);
      offset += slice.length;
      if (limit === null) {
        stream.push(slice);
        return;
      }
      watchdog.hold();
      throttle.take(slice.length).then(() => {
        if (stream.destroyed) return;
        watchdog.moved();
        stream.push(slice);
      }, (error: Error) => { stream.destroy(error); });
    },
  });
  return stream;
}
