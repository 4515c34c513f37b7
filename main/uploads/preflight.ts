import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { LeftOut, PreflightFindings, PreflightWarning } from '../../preload/drops.ts';
import type { Account } from '../credentials/account.ts';
import { describePath } from '../package/describe-path.ts';
import { listFolder } from '../package/list-folder.ts';
import { NameTally, type SomeNames } from '../package/name-tally.ts';
import { isArchiveName, packageName } from '../package/package-name.ts';
import { scanForPackage } from '../package/scan-for-package.ts';
import type { OnFound } from '../package/walk.ts';
import { windowsTroubles } from '../package/windows-names.ts';
import { mostLeftOutShown } from './with-left-out.ts';
import type { DropTarget } from './lane.ts';

/** Says when the same content was uploaded, by its paths, its size and the latest time at which any of it was changed; null where it never was. */
export type UploadedBefore = (what: {
  readonly paths: readonly string[];
  readonly size: number;
  readonly mtimeMs: number;
}) => Promise<{ readonly atMs: number } | null>;

/** What a preflight asks the rest of the app. */
export interface PreflightDeps {
  /** Which of the paths other uploads are about at the moment. */
  readonly sending: (paths: readonly string[]) => SomeNames | null;
  /** How much there is room for, where that matters; else null. */
  readonly freeBytes: (account: Account) => Promise<number | null>;
  /** What is to be expected of the line; null where it was never measured. */
  readonly bytesPerSecond: (account: Account) => number | null;
  readonly keySeconds: (target: DropTarget) => number | null;
  readonly uploadedBefore: UploadedBefore;
}

/** What was found before anything is judged. */
interface Found {
  readonly files: number;
  readonly bytes: number;
  readonly packedAs: string | null;
  readonly entries: number;
  readonly leftOut: readonly LeftOut[];
  readonly warnings: readonly PreflightWarning[];
  /** Of what becomes one object; null where it becomes several. */
  readonly mtimeMs: number | null;
}

// What Mobile Security hardens or looks into.
const securityKinds = /\.(?:apk|apks|xapk|aab|ipa|jar|aar|so|dex|hap|hsp|har|app|zip)$/i;
// Inside a package nobody unpacks them.
const unopenedKinds = /\.(?:zip|rar|7z|tar|gz|tgz|bz2|xz|zst|iso|img|dmg|cab|apk|aab|ipa)$/i;
const executables = /\.(?:exe|bat|cmd|apk)$/i;

/**
 * Looks at what a drop holds without reading it, and says what a person may want to know before
 * it is sent. Throws what would make all of it fail, as `scanForPackage` and `listFolder` do.
 */
export async function preflight(paths: readonly string[], target: DropTarget, deps: PreflightDeps, signal: AbortSignal, onFound: OnFound): Promise<PreflightFindings> {
  const look = target.destination.service === 'car' ? lookForCar : lookForMs;
  const { leftOut, mtimeMs, ...found } = await look(paths, signal, onFound);
  const freeBytes = await deps.freeBytes(target.account);
  const bytesPerSecond = deps.bytesPerSecond(target.account);
  const estimate = bytesPerSecond === null ? null : { seconds: found.bytes / bytesPerSecond, bytesPerSecond };
  const keySeconds = deps.keySeconds(target);
  const sending = deps.sending(paths);
  const before = mtimeMs === null ? null : await deps.uploadedBefore({ paths, size: found.bytes, mtimeMs });
  signal.throwIfAborted();

  const warnings: PreflightWarning[] = [...found.warnings];
  if (sending) warnings.push({ kind: 'sending', ...sending });
  if (freeBytes !== null && freeBytes < found.bytes) warnings.push({ kind: 'no-room', neededBytes: found.bytes, freeBytes });
  if (estimate && keySeconds !== null && estimate.seconds > keySeconds) warnings.push({ kind: 'outlives-key', seconds: estimate.seconds, keySeconds });
  if (before) warnings.push({ kind: 'uploaded-before', atMs: before.atMs });
  return { ...found, leftOut: leftOut.slice(0, mostLeftOutShown), leftOutCount: leftOut.length, estimate, keySeconds, warnings };
}

async function lookForCar(paths: readonly string[], signal: AbortSignal, onFound: OnFound): Promise<Found> {
  const [only] = paths;
  if (only !== undefined && paths.length === 1 && isArchiveName(path.basename(only))) {
    const item = await describePath(only);
    if (item.kind === 'file') {
      const { mtimeMs } = await stat(only);
      return { files: 1, bytes: item.size, packedAs: null, entries: 0, leftOut: [], warnings: [], mtimeMs };
    }
  }
  const { items, entries, leftOut, sourceBytes } = await scanForPackage(paths, signal, undefined, onFound);
  const files = entries.filter((entry) => entry.kind === 'file');
  const { refused, tooLong, same } = windowsTroubles(entries.map(({ name }) => name));
  const warnings: PreflightWarning[] = [];
  const unopened = namesOf(items.filter((item) => item.kind === 'file' && unopenedKinds.test(item.name)));
  if (unopened) warnings.push({ kind: 'unusual-kind', ...unopened });
  else if (!files.some(({ name }) => executables.test(name))) warnings.push({ kind: 'no-executable' });
  if (same) warnings.push({ kind: 'same-on-windows', ...same });
  if (refused) warnings.push({ kind: 'windows-name', ...refused });
  if (tooLong) warnings.push({ kind: 'windows-too-long', ...tooLong });
  return {
    files: files.length,
    bytes: sourceBytes,
    packedAs: packageName(items),
    entries: entries.length,
    leftOut,
    warnings,
    mtimeMs: files.reduce((latest, { identity }) => Math.max(latest, identity.mtimeMs), 0),
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
  let files = alone.length;
  let bytes = alone.reduce((sum, { size }) => sum + size, 0);
  for (const item of items) {
    if (item.kind === 'file') continue;
    const listing = await listFolder(item.path, signal, onFound);
    files += listing.files.length;
    bytes += listing.files.reduce((sum, { size }) => sum + size, 0);
    for (const entry of listing.leftOut) leftOut.push(entry);
    for (const entry of listing.failed) failed.push(entry);
  }
  const warnings: PreflightWarning[] = [];
  const unusual = namesOf(alone.filter(({ name }) => !securityKinds.test(name)));
  if (unusual) warnings.push({ kind: 'unusual-kind', ...unusual });
  const unreadable = namesOf(failed);
  if (unreadable) warnings.push({ kind: 'unreadable', ...unreadable });
  const [only] = items;
  const single = items.length === 1 && only?.kind === 'file' ? only : null;
  return {
    files, bytes, leftOut, warnings,
    packedAs: null,
    entries: 0,
    mtimeMs: single ? (await stat(single.path)).mtimeMs : null,
  };
}

function namesOf(items: readonly { readonly name: string }[]): SomeNames | null {
  const tally = new NameTally();
  for (const { name } of items) tally.add(name);
  return tally.names;
}
