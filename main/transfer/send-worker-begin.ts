import { Worker } from 'node:worker_threads';
import workerPath from './send-worker.ts?modulePath';

// Buffers lie outside of it.
const mostHeapMebibytes = 128;
const youngHeapMebibytes = 8;

let ahead: Worker | null = null;

/** Begins a send worker for whoever comes first, while the rest of the program is loaded. */
export function beginAhead(): void {
  const worker = begin();
  // Nobody looks after it yet; whoever takes it later is told by its end.
  worker.on('error', () => undefined);
  worker.once('exit', () => { if (ahead === worker) ahead = null; });
  ahead = worker;
}

/** A send worker that keeps no process alive by itself. */
export function takeSendWorker(): Worker {
  const worker = ahead ?? begin();
  ahead = null;
  return worker;
}

function begin(): Worker {
  const worker = new Worker(workerPath, {
    resourceLimits: { maxOldGenerationSizeMb: mostHeapMebibytes, maxYoungGenerationSizeMb: youngHeapMebibytes },
  });
  worker.unref();
  return worker;
}
