import { readdirSync, readFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import { getEnvironmentData, setEnvironmentData } from 'node:worker_threads';

const key = 'cos-ferry: yields to the window';
// Of what it competes for with the window, a thread gets a tenth; of an idle core, all.
const yielded = 10;
const most = 19;
const tasks = '/proc/self/task';
// Where libuv names them; else they are called what the process is.
const poolName = 'libuv-worker';

/** From now on the threads that are started yield to whatever draws, where they ask for it by `yieldToWindow`. */
export function letThreadsYield(): void {
  setEnvironmentData(key, true);
}

/** To be called in a thread. Only Linux has a priority for each thread; elsewhere it would be the whole process's. */
export function yieldToWindow(): void {
  if (process.platform !== 'linux' || getEnvironmentData(key) !== true) return;
  lower(0);
}

/** The threads that read and write files for all others yield as well. To be called when they have begun, which they do with the first file. */
export function letFileThreadsYield(): void {
  if (process.platform !== 'linux') return;
  const nameOf = (id: number | string) => readFileSync(`${tasks}/${id}/comm`, 'utf8').trim();
  try {
    const own = nameOf(process.pid);
    for (const id of readdirSync(tasks)) if (Number(id) !== process.pid && [own, poolName].includes(nameOf(id))) lower(Number(id));
  } catch {
    // They work all the same.
  }
}

function lower(thread: number): void {
  try {
    // Chromium may have raised its own, and what main started has inherited that; but not all that draws.
    setPriority(thread, Math.min(most, Math.max(0, getPriority(process.pid)) + yielded));
  } catch {
    // It works all the same.
  }
}
