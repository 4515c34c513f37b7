import { inBatches } from './in-batches.ts';
import { JobError } from './job-error.ts';
import type { PackageEntry } from './package-entry.ts';
import type { PackageWorkers } from './package-workers.ts';
import { sourceError } from './source-error.ts';

const filesPerJob = 512;

/** Opens every file once, because a package that fails at its last file has wasted a night. Throws `source-unreadable` or `source-vanished`. */
export async function refuseUnreadable(entries: readonly PackageEntry[], workers: PackageWorkers, signal: AbortSignal): Promise<void> {
  const files = entries.filter((entry) => entry.kind === 'file');
  const starts = Array.from({ length: Math.ceil(files.length / filesPerJob) }, (_, index) => index * filesPerJob);
  await inBatches(starts, 2 * workers.threads, signal, async (start) => {
    const batch = files.slice(start, start + filesPerJob);
    try {
      await workers.run({ kind: 'open', paths: batch.map(({ path }) => path) }, signal);
    } catch (error) {
      throw sourceError(error, batch[error instanceof JobError ? error.index : 0]?.name ?? '', 'source-vanished');
    }
  });
}
