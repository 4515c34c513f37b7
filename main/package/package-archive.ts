import { Archiver } from 'archiver';
import type { FileEntry } from './pack-ahead.ts';
import type { PackageEntry } from './package-entry.ts';
import type { PackageEntryData, PackageZip } from './package-zip.ts';

const linkMode = 0o777;
const mostQueued = 512;
const nothing = Buffer.alloc(0);
// archiver strips one of these from a name, as if it were a drive.
const driveLike = /^\w+:/;
const driveGuard = 'x:';

/** archiver with a format module of ours, put in the way that its own `ZipArchive` puts its zip. */
export class PackageArchive extends Archiver {
  declare _format: string;
  declare _module: PackageZip;
  declare _supportsDirectory: boolean;
  declare _supportsSymlink: boolean;
  declare _modulePipe: () => void;

  constructor(zip: PackageZip) {
    // As objects, blocks come out as they went in; as bytes, whatever has gathered would be joined.
    super({ objectMode: true, highWaterMark: 1 });
    this._format = 'zip';
    this._module = zip;
    this._supportsDirectory = true;
    this._supportsSymlink = true;
    this._modulePipe();
  }

  /** Resolves once every entry was written; rejects with the abort reason. */
  async appendAll(entries: readonly PackageEntry[], signal: AbortSignal): Promise<void> {
    let queued = 0;
    let enough = 0;
    let resume: () => void = () => undefined;
    const onEntry = (): void => {
      queued -= 1;
      if (queued <= enough) resume();
    };
    const until = async (most: number): Promise<void> => {
      signal.throwIfAborted();
      if (queued <= most) return;
      enough = most;
      await new Promise<void>((resolve, reject) => {
        const onAbort = (): void => reject(signal.reason as Error);
        signal.addEventListener('abort', onAbort, { once: true });
        resume = () => {
          signal.removeEventListener('abort', onAbort);
          resolve();
        };
      });
    };
    this.on('entry', onEntry);
    for (const entry of entries) {
      if (queued >= mostQueued) await until(mostQueued / 2);
      queued += 1;
      this.append(nothing, entryData(entry));
    }
    await until(0);
  }
}

function entryData(entry: PackageEntry): PackageEntryData {
  const name = driveLike.test(entry.name) ? driveGuard + entry.name : entry.name;
  switch (entry.kind) {
    case 'file':
      return { name, date: new Date(entry.identity.mtimeMs), mode: entry.mode, file: entry satisfies FileEntry };
    case 'folder':
      return { name, type: 'directory', date: new Date(entry.mtimeMs), mode: entry.mode };
    case 'symlink':
      return { name, type: 'symlink', linkname: entry.target, date: new Date(entry.mtimeMs), mode: linkMode };
  }
}
