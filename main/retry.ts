import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  /** Tries in all, the first included. */
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly signal?: AbortSignal;
  readonly random?: () => number;
  /** Whether another try can help; asked of whoever knows the error. */
  readonly isRetryable: (error: unknown) => boolean;
}

/** Runs `attempt` until it succeeds, with exponential backoff and full jitter between tries; throws the last error. */
export async function retry<T>(attempt: (triesBefore: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const random = options.random ?? Math.random;
  for (let triesBefore = 0; ; triesBefore++) {
    options.signal?.throwIfAborted();
    try {
      return await attempt(triesBefore);
    } catch (error) {
      options.signal?.throwIfAborted();
      if (triesBefore + 1 >= options.attempts || !options.isRetryable(error)) throw error;
      const ceilingMs = Math.min(options.maxDelayMs, options.baseDelayMs * 2 ** triesBefore);
      await sleep(random() * ceilingMs, undefined, options.signal ? { signal: options.signal } : {});
    }
  }
}
