/** Runs `later` after `delayMs`; injected so that a test holds the clock. */
export type Schedule = (later: () => void, delayMs: number) => void;

/** Schedules on the real clock, without keeping the process alive for it. */
export const schedule: Schedule = (later, delayMs) => {
  setTimeout(later, delayMs).unref();
};

/**
 * `run`, at most once in `intervalMs`: the first call runs at once, and calls that come too soon
 * are gathered into one that runs when the time is up, so the last state is never missed.
 */
export function atMostEvery(intervalMs: number, run: () => void, wait: Schedule = schedule): () => void {
  let state: 'free' | 'resting' | 'called' = 'free';
  const rest = (): void => {
    state = 'resting';
    run();
    wait(() => {
      if (state === 'called') rest();
      else state = 'free';
    }, intervalMs);
  };
  return () => {
    if (state === 'free') rest();
    else state = 'called';
  };
}
