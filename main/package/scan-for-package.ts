import { lstat, realpath, stat } from 'node:fs/promises';
import type { LeftOut } from '../../preload/contract.ts';
import { FerryError } from '../ferry-error.ts';
import { NothingToSend } from './nothing-to-send.ts';
import { describePath, type DroppedItem } from './describe-path.ts';
import { identityOf } from './file-identity.ts';
import { followSymlink, portableTarget } from './follow-symlink.ts';
import { inBatches } from './in-batches.ts';
import { inNameOrder } from './name-order.ts';
import type { PackageEntry } from './package-entry.ts';
import { packageWorkers, type PackageWorkers } from './package-workers.ts';
import { refuseUnsafeName } from './safe-name.ts';
import { sourceError } from './source-error.ts';
import { walk, type Found, type FoundLink, type OnFound } from './walk.ts';

export interface PackageScan {
  readonly items: readonly DroppedItem[];
  /** In name order. A folder is an entry only where nothing else would bring it back. */
  readonly entries: readonly PackageEntry[];
  readonly leftOut: readonly LeftOut[];
  /** The files' bytes together. */
  readonly sourceBytes: number;
  /** When the newest of the files was changed. */
  readonly modifiedAtMs: number;
}

interface Gathered {
  readonly entries: PackageEntry[];
  readonly leftOut: LeftOut[];
}

const linksAtOnce = 32;
const permissionBits = 0o777;
// Windows has no such bits: it tells every file as 0666 and every folder as 0666 or 0777.
const windowsModes = { file: 0o644, folder: 0o755 };

/**
 * What a package of these paths holds. One folder gives the tree inside it; anything else stands
 * at the root under its base name. Throws for the whole where a part cannot be sent:
 * `source-unreadable`, `source-vanished`, `name-unsafe`, `duplicate-object`, `source-empty-folder` (no
 * file at all), `source-nothing-to-send` (everything left out), and what `describePath` throws.
 */
export async function scanForPackage(paths: readonly string[], signal: AbortSignal, workers: PackageWorkers = packageWorkers, onFound?: OnFound): Promise<PackageScan> {
  const byPath = new Map<string, DroppedItem>();
  for (const path of paths) {
    signal.throwIfAborted();
    const item = await describePath(path);
    if (!byPath.has(item.path)) byPath.set(item.path, item);
  }
  const items = [...byPath.values()];
  const first = items[0];
  if (!first) throw new FerryError({ code: 'source-nothing-to-send', params: { name: '' } });
  refuseClashes(items);

  const alone = items.length === 1 && first.kind === 'folder';
  const entries: PackageEntry[] = [];
  const leftOut: LeftOut[] = [];
  for (const item of items) {
    const gathered = item.kind === 'folder' ? await gatherFolder(item, alone ? '' : item.name, workers, signal, onFound) : await gatherFile(item);
    for (const entry of gathered.entries) entries.push(entry);
    for (const entry of gathered.leftOut) leftOut.push(entry);
  }

  const sourceBytes = entries.reduce((sum, entry) => sum + (entry.kind === 'file' ? entry.identity.size : 0), 0);
  if (!entries.some((entry) => entry.kind === 'file')) {
    const params = { name: first.name || first.path };
    if (leftOut.length === 0) throw new FerryError({ code: 'source-empty-folder', params });
    throw new NothingToSend(params.name, leftOut);
  }
  const modifiedAtMs = entries.reduce((newest, entry) => Math.max(newest, entry.kind === 'file' ? entry.identity.mtimeMs : 0), 0);
  return { items, entries: inNameOrder(entries), leftOut, sourceBytes, modifiedAtMs };
}

function refuseClashes(items: readonly DroppedItem[]): void {
  const byName = new Map<string, DroppedItem>();
  for (const item of items) {
    const other = byName.get(item.name);
    if (other) throw new FerryError({ code: 'duplicate-object', params: { name: item.path, other: other.path } });
    byName.set(item.name, item);
  }
}

async function gatherFile(item: DroppedItem): Promise<Gathered> {
  try {
    refuseUnsafeName(item.name);
    const stats = await stat(item.path);
    const mode = modeOf(stats.mode, 'file');
    return { entries: [{ kind: 'file', name: item.name, path: item.path, mode, identity: identityOf(stats) }], leftOut: [] };
  } catch (error) {
    throw sourceError(error, item.name, 'source-vanished');
  }
}

async function gatherFolder(item: DroppedItem, prefix: string, workers: PackageWorkers, signal: AbortSignal, onFound?: OnFound): Promise<Gathered> {
  const root = await realpath(item.path);
  const inArchive = (name: string): string => (prefix === '' ? name : name === '' ? prefix : `${prefix}/${name}`);
  const found = await walk(root, signal, workers, onFound);
  const links = found.filter((entry) => entry.kind === 'symlink');
  const resolvedLinks = (await inBatches(links, linksAtOnce, signal, (link) => resolveLink(root, link, inArchive(link.name)))).values();
  const kept: PackageEntry[] = [];
  const folders: PackageEntry[] = [];
  const leftOut: LeftOut[] = [];
  for (const one of found) {
    const entry = one.kind === 'symlink' ? resolvedLinks.next().value : entryOf(one, inArchive(one.name), item.name || item.path);
    if (!entry) continue;
    if ('reason' in entry) leftOut.push(entry);
    else (entry.kind === 'folder' ? folders : kept).push(entry);
  }
  if (prefix !== '') {
    const { mode, mtimeMs } = await lstat(root);
    folders.unshift({ kind: 'folder', name: prefix, mode: modeOf(mode, 'folder'), mtimeMs });
  }
  return { entries: [...kept, ...foldersToName(kept, folders)], leftOut };
}

function entryOf(found: Exclude<Found, FoundLink>, name: string, rootName: string): PackageEntry | LeftOut {
  if (found.kind === 'failed') {
    throw new FerryError({ ...found.error.problem, params: { name: found.name === '' ? rootName : name } }, { cause: found.error });
  }
  if (found.kind === 'special') return { path: name, reason: 'special-file' };
  refuseUnsafeName(name);
  const { path, mode, identity } = found;
  if (found.kind === 'folder') return { kind: 'folder', name, mode: modeOf(mode, 'folder'), mtimeMs: identity.mtimeMs };
  return { kind: 'file', name, path, mode: modeOf(mode, 'file'), identity };
}

async function resolveLink(root: string, { path, identity }: FoundLink, name: string): Promise<PackageEntry | LeftOut> {
  refuseUnsafeName(name);
  try {
    const end = await followSymlink(root, path);
    if (end.kind === 'left-out') return { path: name, reason: end.reason };
    return { kind: 'symlink', name, target: await portableTarget(root, path, end.realPath), mtimeMs: identity.mtimeMs };
  } catch (error) {
    throw sourceError(error, name, 'source-vanished');
  }
}

/** The folders that hold nothing of the package, innermost first, so that a folder of empty folders is not named twice. */
function foldersToName(kept: readonly PackageEntry[], folders: readonly PackageEntry[]): PackageEntry[] {
  const implied = new Set<string>();
  const imply = (name: string): void => {
    for (let end = name.lastIndexOf('/'); end > 0; end = name.lastIndexOf('/', end - 1)) {
      const parent = name.slice(0, end);
      if (implied.has(parent)) return;
      implied.add(parent);
    }
  };
  for (const entry of kept) imply(entry.name);
  const needed: PackageEntry[] = [];
  // Name order puts a folder before what is inside it.
  for (const folder of folders.toReversed()) {
    if (implied.has(folder.name)) continue;
    needed.push(folder);
    imply(folder.name);
  }
  return needed;
}

function modeOf(mode: number, kind: 'file' | 'folder'): number {
  return process.platform === 'win32' ? windowsModes[kind] : mode & permissionBits;
}
