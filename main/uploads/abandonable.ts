/** A shared task goes on for the others when one that waits for it is stopped. Rejects with the signal's reason. */
export function abandonable<T>(shared: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const giveUp = (): void => { reject(signal.reason as Error); };
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    shared.then(resolve, reject).finally(() => { signal.removeEventListener('abort', giveUp); });
  });
}
