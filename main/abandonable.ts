type GiveUp = (reason: unknown) => void;

// One listener a signal: each one that is added is compared with all others, which for twenty thousand took seconds.
const waiting = new WeakMap<AbortSignal, Set<GiveUp>>();

/** A shared task goes on for the others when one that waits for it is stopped. Rejects with the signal's reason. */
export function abandonable<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    const those = waitingFor(signal);
    those.add(reject);
    shared.then((value) => {
      those.delete(reject);
      resolve(value);
    }, (error: unknown) => {
      those.delete(reject);
      reject(error as Error);
    });
  });
}

function waitingFor(signal: AbortSignal): Set<GiveUp> {
  const known = waiting.get(signal);
  if (known) return known;
  const those = new Set<GiveUp>();
  waiting.set(signal, those);
  signal.addEventListener('abort', () => {
    for (const giveUp of those) giveUp(signal.reason);
    those.clear();
  }, { once: true });
  return those;
}
