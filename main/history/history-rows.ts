import type { HistoryRow } from '../../preload/contract.ts';
import { foldersIn, folderView } from './folder-files.ts';
import { historyView, rowIdOf, type KeptEntry } from './history-entry.ts';

/**
 * What was dropped, the newest first: an upload, or a folder with all of its files where one of
 * them matches. The entries come with the oldest first.
 */
export function historyRows(entries: readonly KeptEntry[], matches: (entry: KeptEntry) => boolean): HistoryRow[] {
  const folders = foldersIn(entries);
  const matching = new Set(entries.filter(matches).map(rowIdOf));
  const rows: HistoryRow[] = [];
  for (const kept of entries.toReversed()) {
    const id = rowIdOf(kept);
    if (!matching.delete(id)) continue;
    const files = kept.folder && folders.get(id);
    rows.push({ id, entry: historyView(kept), folder: files ? folderView(files) : null });
  }
  return rows;
}
