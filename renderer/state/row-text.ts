import type { SourceView } from '../../preload/contract.ts';
import type { Summary } from './summary.ts';
import type { Words } from './words.svelte.ts';

/** The phase in words; a package says that it is packed while it is sent. */
export function phaseText(summary: Summary, packed: boolean, words: Words): string {
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
  return phase === 'uploading' || phase === 'verifying'
    ? words.t('row.bytesPacking', { sent: words.bytes(bytesSent), source: words.bytes(sourceBytes) })
    : words.bytes(sourceBytes);
}

/** What a row says under its name, piece by piece. */
export function statusPieces(source: SourceView, summary: Summary, packed: boolean, words: Words): readonly string[] {
  if (source.phase === 'reading') return [words.t('phase.reading')];
  const pieces = [phaseText(summary, packed, words)];
  if (summary.count > 1) {
    if (summary.failed > 0) pieces.push(words.t('row.failed', { count: summary.failed }));
    pieces.push(
      summary.done === summary.count
        ? words.t('list.files', { count: summary.count })
        : words.t('row.files', { count: summary.count, done: words.number(summary.done) }),
    );
  }
  pieces.push(bytesText(summary, words));
  if (summary.phase === 'done' && summary.startedAtMs !== null && summary.finishedAtMs !== null) {
    pieces.push(words.t('row.took', { duration: words.duration(Math.max(1, (summary.finishedAtMs - summary.startedAtMs) / 1000)) }));
    pieces.push(words.time(summary.finishedAtMs));
  }
  return pieces.filter((piece) => piece !== '');
}
