import type { Ferry } from './ferry.ts';

/** Writes a line for every upload that is done or has failed: its object, or the code and RequestId. */
export function logFinished(ferry: Pick<Ferry, 'subscribe'>, info: (message: string, details: unknown) => void): void {
  const told = new Set<string>();
  ferry.subscribe('uploads', ({ uploads, removedUploadIds }) => {
    for (const id of removedUploadIds) told.delete(id);
    for (const { id, phase, name, service, object, problem } of uploads) {
      if (phase !== 'done' && phase !== 'failed') told.delete(id);
      else if (!told.has(id)) {
        told.add(id);
        info(`Upload ${phase}.`, { service, name, ...(object ? { object } : {}), ...(problem ? { problem } : {}) });
      }
    }
  });
}
