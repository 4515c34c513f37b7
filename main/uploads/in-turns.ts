import { setImmediate as turn } from 'node:timers/promises';

// About three milliseconds' worth.
const inOneGo = 256;

/** Does something with each of many, a few in one turn of the event loop, so that nothing else waits for all. Rejects with the signal's reason. */
export async function inTurns<T>(items: readonly T[], signal: AbortSignal, work: (item: T, index: number) => void): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % inOneGo === 0) {
      await turn();
      signal.throwIfAborted();
    }
    work(item, index);
  }
}
