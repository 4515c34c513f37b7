import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Problem } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';
import { ObjectFiles } from './object-files.ts';
import workerPath from './sandbox-worker.ts?modulePath';
import type { Sandbox, SandboxAccount, SandboxOptions } from './sandbox.ts';

export type SandboxWorkerData = Pick<SandboxOptions, 'directory'>;

/** What the thread says once: that it serves, or why not. */
export type FromSandboxWorker =
  | { readonly started: { readonly url: string; readonly accounts: readonly SandboxAccount[] } }
  | { readonly failed: Problem };

/** What the app needs of a sandbox. */
export type BuiltInSandbox = Pick<Sandbox, 'url' | 'accounts' | 'objectsDirectory' | 'objectPath' | 'close'>;

/** The sandbox in a thread of its own, so that it takes nothing from the window. Throws a FerryError `sandbox-unavailable`. */
export async function startSandboxThread(data: SandboxWorkerData): Promise<BuiltInSandbox> {
  const worker = new Worker(workerPath, { workerData: data });
  const said = await firstWord(worker);
  if ('failed' in said) throw new FerryError(said.failed);
  worker.on('error', () => undefined);
  const gone = once(worker, 'exit');
  const objects = new ObjectFiles(data.directory);
  return {
    ...said.started,
    objectsDirectory: objects.objectsDirectory,
    objectPath: (bucket, key) => objects.path(bucket, key),
    async close() {
      worker.postMessage('close');
      await gone;
    },
  };
}

async function firstWord(worker: Worker): Promise<FromSandboxWorker> {
  try {
    const [said] = await once(worker, 'message') as [FromSandboxWorker];
    return said;
  } catch (error) {
    throw new FerryError({ code: 'sandbox-unavailable', detail: error instanceof Error ? error.message : String(error) }, { cause: error });
  }
}
