import { setTimeout as sleepFor } from 'node:timers/promises';

/**
 * What another try is worth. no: never. some: `attempts` in all. long: for `outageMs`, since whoever
 * answers says that it is not able to at present. endless: as long as it takes, since nothing but the
 * network stands in the way.
 */
export type Worth = 'no' | 'some' | 'long' | 'endless';

export interface RetryOptions {
  /** Tries in all, the first included; only those that are worth `some` count. */
  readonly attempts: number;
  /** How long tries that are worth `long` may follow each other. */
  readonly outageMs: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly signal?: AbortSignal;
  readonly random?: () => number;
  /** How to wait for the network to come back; lets a waiter be woken. */
  readonly sleepOffline?: (delayMs: number, signal?: AbortSignal) => Promise<void>;
  /** What another try is worth; asked of whoever knows the error. */
  readonly worth: (error: unknown) => Worth;
  /** Another try comes after this wait. */
  readonly onRetry?: (error: unknown, delayMs: number) => void;
}

/** Runs `attempt` until it succeeds, with exponential backoff and full jitter between tries; throws the last error. */
export async function retry<T>(attempt: (triesBefore: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const random = options.random ?? Math.random;
  let counted = 0;
  let outageSinceMs: number | null = null;
  for (let triesBefore = 0; ; triesBefore++) {
    options.signal?.throwIfAborted();
    try {
      return await attempt(triesBefore);
    } catch (error) {
      options.signal?.throwIfAborted();
      const worth = options.worth(error);
      if (worth === 'some') counted += 1;
      outageSinceMs = worth === 'long' ? outageSinceMs ?? performance.now() : null;
      const outlasted = outageSinceMs !== null && performance.now() - outageSinceMs >= options.outageMs;
      if (worth === 'no' || outlasted || counted >= options.attempts) throw error;
      const ceilingMs = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** Math.min(triesBefore, 30));
      const delayMs = random() * ceilingMs;
      options.onRetry?.(error, delayMs);
      // Who was asked to slow down is not to be woken because the link is back.
      const sleep = (worth === 'endless' ? options.sleepOffline : undefined) ?? sleepUntil;
      await sleep(delayMs, options.signal);
    }
  }
}

async function sleepUntil(delayMs: number, signal?: AbortSignal): Promise<void> {
  await sleepFor(delayMs, undefined, signal ? { signal } : {}).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
