import path from 'node:path';
import type { HistoryEntry, LeftOut, PreflightFindings, PreflightWarning, UploadedBefore } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import type { SourceState } from '../history/history.ts';
import { describePath } from '../package/describe-path.ts';
import { listFolder } from '../package/list-folder.ts';
import { NameTally, type SomeNames } from '../package/name-tally.ts';
import { isArchiveName, packageName } from '../package/package-name.ts';
import { scanForPackage } from '../package/scan-for-package.ts';
import type { OnFound } from '../package/walk.ts';
import type { DropTarget } from './lane.ts';
import { lookIntoArchive } from './look-into-archive.ts';
import { hasExecutable, windowsWarnings } from './package-warnings.ts';
import { mostLeftOutShown } from './with-left-out.ts';

/** What a preflight asks the rest of the app. */
export interface PreflightDeps {
  /** Which of the paths other uploads are about at the moment. */
  readonly sending: (paths: readonly string[]) => SomeNames | null;
  /** How much there is room for, where that matters; else null. */
  readonly freeBytes: (account: Account) => Promise<number | null>;
  /** What is to be expected of the line; null where it was never measured. */
  readonly bytesPerSecond: (account: Account) => number | null;
  readonly keySeconds: (target: DropTarget) => number | null;
  /** For each of these the newest upload of the same content; null where there is none. */
  readonly uploadedBefore: (sources: readonly SourceState[]) => Promise<readonly (HistoryEntry | null)[]>;
}

/** What was found before anything is judged. */
interface Found {
  readonly files: number;
  readonly bytes: number;
  readonly packedAs: string | null;
  readonly entries: number | null;
  readonly leftOut: readonly LeftOut[];
  readonly warnings: readonly PreflightWarning[];
  /** What arrives as a whole: one object, or a folder. */
  readonly sources: readonly SourceState[];
}

// What Mobile Security hardens or looks into.
const securityKinds = /\.(?:apk|apks|xapk|aab|ipa|jar|aar|so|dex|hap|hsp|har|app|zip)$/i;
// Inside a package nobody unpacks them.
const unopenedKinds = /\.(?:zip|rar|7z|tar|gz|tgz|bz2|xz|zst|iso|img|dmg|cab|apk|aab|ipa)$/i;

/**
 * Looks at what a drop holds without reading it, and says what a person may want to know before
 * it is sent. Throws what would make all of it fail, as `scanForPackage` and `listFolder` do.
 */
export async function preflight(paths: readonly string[], target: DropTarget, deps: PreflightDeps, signal: AbortSignal, onFound: OnFound): Promise<PreflightFindings> {
  const look = target.destination.service === 'car' ? lookForCar : lookForMs;
  const { leftOut, sources, ...found } = await look(paths, signal, onFound);
  const freeBytes = await deps.freeBytes(target.account);
  const bytesPerSecond = deps.bytesPerSecond(target.account);
  const estimate = bytesPerSecond === null ? null : { seconds: found.bytes / bytesPerSecond, bytesPerSecond };
  const keySeconds = deps.keySeconds(target);
  const sending = deps.sending(paths);
  const before = uploadedBefore(sources, await deps.uploadedBefore(sources));
  signal.throwIfAborted();

  const warnings: PreflightWarning[] = [...found.warnings];
  if (sending) warnings.push({ kind: 'sending', ...sending });
  if (freeBytes !== null && freeBytes < found.bytes) warnings.push({ kind: 'no-room', neededBytes: found.bytes, freeBytes });
  if (estimate && keySeconds !== null && estimate.seconds > keySeconds) warnings.push({ kind: 'outlives-key', seconds: estimate.seconds, keySeconds });
  if (before) warnings.push(before);
  return { ...found, leftOut: leftOut.slice(0, mostLeftOutShown), leftOutCount: leftOut.length, estimate, keySeconds, warnings };
}

async function lookForCar(paths: readonly string[], signal: AbortSignal, onFound: OnFound): Promise<Found> {
  const [only] = paths;
  if (only !== undefined && paths.length === 1 && isArchiveName(path.basename(only))) {
    const item = await describePath(only);
    if (item.kind === 'file') {
      const looked = await lookIntoArchive(only, signal);
      return { files: 1, bytes: item.size, packedAs: null, leftOut: [], ...looked, sources: [{ paths: [only], size: item.size, mtimeMs: item.mtimeMs, files: null }] };
    }
  }
  const { items, entries, leftOut, sourceBytes, modifiedAtMs } = await scanForPackage(paths, signal, undefined, onFound);
  const files = entries.filter((entry) => entry.kind === 'file');
  const warnings: PreflightWarning[] = [];
  const unopened = namesOf(items.filter((item) => item.kind === 'file' && unopenedKinds.test(item.name)));
  if (unopened) warnings.push({ kind: 'unusual-kind', ...unopened });
  else if (!hasExecutable(files.map(({ name }) => name))) warnings.push({ kind: 'no-executable' });
  warnings.push(...windowsWarnings(entries.map(({ name }) => name)));
  return {
    files: files.length,
    bytes: sourceBytes,
    packedAs: packageName(items),
    entries: entries.length,
    leftOut,
    warnings,
    sources: [{ paths, size: sourceBytes, mtimeMs: modifiedAtMs, files: null }],
  };
}

async function lookForMs(paths: readonly string[], signal: AbortSignal, onFound: OnFound): Promise<Found> {
  const items = [];
  for (const dropped of paths) {
    signal.throwIfAborted();
    items.push(await describePath(dropped));
  }
  const alone = items.filter((item) => item.kind === 'file');
  const leftOut: LeftOut[] = [];
  const failed: { readonly name: string }[] = [];
  const sources: SourceState[] = alone.map(({ path: file, size, mtimeMs }) => ({ paths: [file], size, mtimeMs, files: null }));
  let files = alone.length;
  let bytes = alone.reduce((sum, { size }) => sum + size, 0);
  for (const item of items) {
    if (item.kind === 'file') continue;
    const listing = await listFolder(item.path, signal, onFound);
    const size = listing.files.reduce((sum, file) => sum + file.size, 0);
    const mtimeMs = listing.files.reduce((latest, file) => Math.max(latest, file.mtimeMs), 0);
    sources.push({ paths: [item.path], size, mtimeMs, files: listing.files.length });
    files += listing.files.length;
    bytes += size;
    for (const entry of listing.leftOut) leftOut.push(entry);
    for (const entry of listing.failed) failed.push(entry);
  }
  const warnings: PreflightWarning[] = [];
  const unusual = namesOf(alone.filter(({ name }) => !securityKinds.test(name)));
  if (unusual) warnings.push({ kind: 'unusual-kind', ...unusual });
  const unreadable = namesOf(failed);
  if (unreadable) warnings.push({ kind: 'unreadable', ...unreadable });
  return { files, bytes, leftOut, warnings, sources, packedAs: null, entries: 0 };
}

/** The newest of those that were uploaded before, and how many there are. */
function uploadedBefore(sources: readonly SourceState[], entries: readonly (HistoryEntry | null)[]): UploadedBefore | null {
  const found = entries.flatMap((entry, index) => (entry ? { entry, name: path.basename(sources[index]?.paths[0] ?? '') } : []));
  const [first, ...others] = found;
  if (!first) return null;
  const { entry, name } = others.reduce((newest, other) => (other.entry.finishedAtMs > newest.entry.finishedAtMs ? other : newest), first);
  const { finishedAtMs: atMs, service, accountId, accountLabel, applicationId, cosRegion } = entry;
  return { kind: 'uploaded-before', name, count: found.length, atMs, service, accountId, accountLabel, applicationId, cosRegion };
}

function namesOf(items: readonly { readonly name: string }[]): SomeNames | null {
  const tally = new NameTally();
  for (const { name } of items) tally.add(name);
  return tally.names;
}
