import { getPriority, setPriority } from 'node:os';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

const key = 'cos-ferry: yields to the window';
// Of what it competes for with the window, a thread gets a tenth; of an idle core, all.
const yielded = 10;
const most = 19;

/** From now on the threads that are started yield to whatever draws, where they ask for it by `yieldToWindow`. */
export function letThreadsYield(): void {
  setEnvironmentData(key, true);
}

/** To be called in a thread. Only Linux has a priority for each thread; elsewhere it would be the whole process's. */
export function yieldToWindow(): void {
  if (process.platform !== 'linux' || getEnvironmentData(key) !== true) return;
  try {
    // Chromium may have raised its own, and what main started has inherited that; but not all that draws.
    setPriority(Math.min(most, Math.max(0, getPriority(process.pid)) + yielded));
  } catch {
    // It works all the same.
  }
}
