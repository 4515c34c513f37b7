import type { HistoryFolder } from '../../preload/contract.ts';
import type { KeptEntry } from './history-entry.ts';

/** A dropped folder with what is known of its files. */
export interface FolderFiles {
  readonly folder: NonNullable<KeptEntry['folder']>;
  /** The last try of each file, by its upload's ID. */
  readonly lastTries: ReadonlyMap<string, KeptEntry>;
  readonly figures: FolderFigures;
}

type FolderFigures = NonNullable<KeptEntry['besides']>;

const nothing: FolderFigures = { done: 0, failed: 0, cancelled: 0, size: 0, sourceBytes: 0, modifiedAtMs: 0 };

/** The folders among the entries, by their IDs; the entries come with the oldest first. */
export function foldersIn(entries: readonly KeptEntry[]): ReadonlyMap<string, FolderFiles> {
  const byFolder = new Map<string, KeptEntry[]>();
  for (const entry of entries) {
    if (!entry.folder) continue;
    const files = byFolder.get(entry.folder.id);
    if (files) files.push(entry);
    else byFolder.set(entry.folder.id, [entry]);
  }
  const folders = new Map<string, FolderFiles>();
  for (const [id, files] of byFolder) {
    const folder = files[0]?.folder;
    if (folder) folders.set(id, { folder, lastTries: lastTriesOf(files), figures: figuresOf(files) });
  }
  return folders;
}

/** The figures of a folder's files, of which only the last try counts. */
export function figuresOf(files: readonly KeptEntry[]): FolderFigures {
  const figures = { ...nothing };
  for (const { besides } of files) {
    if (besides) add(figures, besides);
  }
  for (const { outcome, size, source } of lastTriesOf(files).values()) {
    add(figures, {
      ...nothing,
      [outcome]: 1,
      ...(outcome === 'done' ? { size: size ?? 0, sourceBytes: source?.bytes ?? 0, modifiedAtMs: source?.modifiedAtMs ?? 0 } : {}),
    });
  }
  return figures;
}

/** The folder as the window shows it. */
export function folderView({ folder, figures: { done, failed, cancelled, size } }: FolderFiles): HistoryFolder {
  return { ...folder, done, failed, cancelled, size };
}

/** A folder's entries but the newest `most`, whose last one then holds the figures of the others. */
export function withoutOldest(files: readonly KeptEntry[], most: number): readonly KeptEntry[] {
  if (files.length <= most) return files;
  const kept = files.slice(-most).map((entry) => ({ ...entry, besides: null }));
  const newest = kept.at(-1);
  if (!newest) return [];
  const all = figuresOf(files);
  const own = figuresOf(kept);
  const besides = { ...all };
  for (const name of ['done', 'failed', 'cancelled', 'size', 'sourceBytes'] as const) besides[name] = all[name] - own[name];
  return [...kept.slice(0, -1), { ...newest, besides }];
}

function lastTriesOf(files: readonly KeptEntry[]): ReadonlyMap<string, KeptEntry> {
  // An entry's ID is its upload's with the time it ended.
  return new Map(files.map((entry) => [entry.id.slice(0, entry.id.lastIndexOf('-')), entry]));
}

function add(sum: FolderFigures, { done, failed, cancelled, size, sourceBytes, modifiedAtMs }: FolderFigures): void {
  sum.done += done;
  sum.failed += failed;
  sum.cancelled += cancelled;
  sum.size += size;
  sum.sourceBytes += sourceBytes;
  sum.modifiedAtMs = Math.max(sum.modifiedAtMs, modifiedAtMs);
}
