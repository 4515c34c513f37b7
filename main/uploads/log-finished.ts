import type { Ferry } from './ferry.ts';

/** Writes a line for every upload that is done or has failed: its object, or the code and RequestId. */
export function logFinished(ferry: Pick<Ferry, 'subscribe'>, info: (message: string, details: unknown) => void): void {
  const told = new Set<string>();
  // What was taken off the list may be put back, and is not told again then.
  ferry.subscribe('uploads', ({ uploads }) => {
    for (const { id, phase, name, service, object, problem } of uploads) {
      if (phase !== 'done' && phase !== 'failed') told.delete(id);
      else if (!told.has(id)) {
        told.add(id);
        info(`Upload ${phase}.`, { service, name, ...(object ? { object } : {}), ...(problem ? { problem } : {}) });
      }
    }
  });
}
