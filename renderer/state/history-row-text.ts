import type { HistoryOutcome, HistoryRow } from '../../preload/contract.ts';
import type { Words } from './words.svelte.ts';

/** How it ended; of a folder what a person should know first. */
export function rowOutcome({ entry, folder }: HistoryRow): HistoryOutcome {
  if (!folder) return entry.outcome;
  return folder.failed > 0 ? 'failed' : folder.done > 0 ? 'done' : 'cancelled';
}

/** How much of it arrived, or how it ended where nothing did. */
export function rowFigure({ entry, folder }: HistoryRow, words: Words): string {
  if (!folder) return entry.size === null ? words.t(`phase.${entry.outcome}`) : words.bytes(entry.size);
  const { done, failed, cancelled, size } = folder;
  const files = done + failed + cancelled;
  return done === files
    ? words.t('history.files', { count: files, size: words.bytes(size) })
    : words.t('history.filesPartly', { count: files, done: words.number(done), size: words.bytes(size) });
}
