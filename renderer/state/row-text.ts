import type { SourceView, UploadPhase } from '../../preload/contract.ts';
import { isFinished, type Summary } from './summary.ts';
import type { SourceGroup } from './upload-list.ts';
import type { Words } from './words.svelte.ts';

const networkPhases: ReadonlySet<UploadPhase> = new Set(['preparing', 'uploading', 'verifying']);

/** True where nothing moves although it is an upload's turn: nobody answers. */
export const waitsForNetwork = (phase: UploadPhase, offline: boolean): boolean => offline && networkPhases.has(phase);

/** The phase in words; a package says that it is packed while it is sent. */
export function phaseText(summary: Summary, packed: boolean, words: Words, offline: boolean): string {
  if (waitsForNetwork(summary.phase, offline)) return words.t('phase.offline');
  return words.t(summary.phase === 'uploading' && packed ? 'phase.packing' : `phase.${summary.phase}`);
}

/** How much is there of how much, as far as that is known; '' before anything is. */
export function bytesText(summary: Summary, words: Words): string {
  const { phase, bytesSent, bytesTotal, sourceBytes } = summary;
  if (phase === 'done') return words.bytes(bytesTotal ?? bytesSent);
  if (bytesTotal !== null) {
    return phase === 'waiting' ? words.bytes(bytesTotal) : words.t('row.bytes', { sent: words.bytes(bytesSent), total: words.bytes(bytesTotal) });
  }
  if (sourceBytes === null) return '';
  if (phase === 'uploading' || phase === 'verifying') {
    return words.t('row.bytesPacking', { sent: words.bytes(bytesSent), source: words.bytes(sourceBytes) });
  }
  return bytesSent > 0 && !isFinished(phase) ? words.t('row.bytesSent', { sent: words.bytes(bytesSent) }) : words.bytes(sourceBytes);
}

/** An ms folder has a list of its own below its row, even with a single file in it. */
export const isFolderOfObjects = (source: SourceView): boolean => source.service === 'ms' && source.kind === 'folder';

/** What a row is called: the package, where one is made of what was dropped. */
export function rowName({ source, uploads }: SourceGroup): string {
  const only = isFolderOfObjects(source) ? undefined : uploads[0];
  return only?.packed ? only.name : source.name;
}

/** What a row says under its name, piece by piece. */
export function statusPieces(source: SourceView, summary: Summary, packed: boolean, words: Words, offline: boolean): readonly string[] {
  if (source.phase === 'reading') return [words.t('phase.reading')];
  const pieces = [phaseText(summary, packed, words, offline)];
  if (summary.count > 1) {
    if (summary.paused > 0 && summary.paused < summary.unfinished) pieces.push(words.t('row.paused', { count: summary.paused }));
    if (summary.failed > 0) pieces.push(words.t('row.failed', { count: summary.failed }));
    pieces.push(
      summary.done === summary.count
        ? words.t('list.files', { count: summary.count })
        : words.t('row.files', { count: summary.count, done: words.number(summary.done) }),
    );
  }
  pieces.push(bytesText(summary, words));
  if (summary.phase === 'done' && summary.startedAtMs !== null && summary.finishedAtMs !== null) {
    pieces.push(words.t('row.took', { duration: words.took(summary.finishedAtMs - summary.startedAtMs) }));
    pieces.push(words.time(summary.finishedAtMs));
  }
  return pieces.filter((piece) => piece !== '');
}
