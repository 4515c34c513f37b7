import path from 'node:path';
import type { PreflightWarning } from '../../preload/drops.ts';
import { hasExecutable, windowsWarnings } from './package-warnings.ts';

/** What is known of an archive that is sent as it is; `entries` is null where nobody looked into it. */
export interface ArchiveFindings {
  readonly entries: number | null;
  readonly warnings: readonly PreflightWarning[];
}

/** Looks into a .zip as into a package; .rar and .7z are not looked into. */
export async function lookIntoArchive(archive: string, signal: AbortSignal): Promise<ArchiveFindings> {
  const name = path.basename(archive);
  if (path.extname(name).toLowerCase() !== '.zip') return { entries: null, warnings: [] };
  // Loaded where there is a zip to look into.
  const { listZip } = await import('../package/list-zip.ts');
  const listing = await listZip(archive, signal);
  if (!listing) return { entries: null, warnings: [{ kind: 'no-archive', name }] };
  // The slash that tells a folder is no part of its name.
  const names = listing.names.map((entry) => entry.replace(/\/$/, ''));
  const files = listing.names.filter((entry) => !entry.endsWith('/'));
  const lacksProgram = listing.isWhole && !hasExecutable(files);
  return {
    entries: listing.isWhole ? names.length : null,
    warnings: [...lacksProgram ? [{ kind: 'no-executable' } as const] : [], ...windowsWarnings(names)],
  };
}
