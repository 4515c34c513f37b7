import { packageWorkers } from '../package/package-workers.ts';
import { beginAhead } from '../transfer/send-worker-begin.ts';

/** Begins the threads that any upload needs, so that they load what they need while the process does. */
export function beginThreads(): void {
  packageWorkers.warm();
  beginAhead();
}
