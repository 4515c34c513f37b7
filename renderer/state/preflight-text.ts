import type { PreflightFindings, PreflightWarning, Service, WaitingDrop } from '../../preload/contract.ts';
import { sentToText, type KnownPlaces } from './destination-text.ts';
import type { Words } from './words.svelte.ts';

/** What a waiting drop is called: what was dropped, or the first of it and how many more. */
export function dropName({ names: [first = ''], count }: WaitingDrop, words: Words): string {
  return count > 1 ? words.t('preflight.more', { name: first, count: count - 1 }) : first;
}

/** What it comes to, piece by piece. */
export function findingPieces({ files, bytes, packedAs, entries }: PreflightFindings, service: Service, words: Words): readonly string[] {
  const sent = [words.t('preflight.files', { count: files }), words.bytes(bytes)];
  if (packedAs !== null) return [...sent, words.t('preflight.packed', { name: packedAs, count: entries ?? 0 })];
  if (service !== 'car') return sent;
  return [...sent, entries === null ? words.t('preflight.asIsUnseen') : words.t('preflight.asIs', { count: entries })];
}

/** How long it takes, against the life of its key; null where nothing was measured yet. */
export function estimateText({ estimate, keySeconds }: PreflightFindings, words: Words): string | null {
  if (!estimate) return null;
  const takes = { duration: words.duration(Math.max(1, estimate.seconds)), speed: words.speed(estimate.bytesPerSecond) };
  return keySeconds === null
    ? words.t('preflight.takes', takes)
    : words.t('preflight.takesWithin', { ...takes, life: words.exactDuration(Math.round(keySeconds)) });
}

export function warningText(warning: PreflightWarning, service: Service, known: KnownPlaces, words: Words): string {
  switch (warning.kind) {
    case 'unusual-kind':
      return someText(`unusual-kind-${service}`, warning, words);
    case 'same-on-windows':
    case 'windows-name':
    case 'windows-too-long':
    case 'unreadable':
    case 'sending':
      return someText(warning.kind, warning, words);
    case 'no-archive':
      return words.t('preflightWarning.no-archive', { name: warning.name });
    case 'no-executable':
      return words.t('preflightWarning.no-executable');
    case 'no-room':
      return words.t('preflightWarning.no-room', { needed: words.bytes(warning.neededBytes), free: words.bytes(warning.freeBytes) });
    case 'outlives-key':
      return words.t('preflightWarning.outlives-key', { duration: words.duration(warning.seconds), life: words.exactDuration(Math.round(warning.keySeconds)) });
    case 'uploaded-before': {
      const when = words.isToday(warning.atMs) ? 'today' : 'earlier';
      const { name, count, atMs } = warning;
      const told = { name, place: sentToText(known, warning, words), date: words.date(atMs), time: words.clock(atMs) };
      return count === 1 ? words.t(`preflightWarning.uploaded-${when}`, told) : words.t(`preflightWarning.uploaded-${when}-some`, { ...told, count });
    }
  }
}

type SomeKind = 'unusual-kind-ms' | 'unusual-kind-car' | 'same-on-windows' | 'windows-name' | 'windows-too-long' | 'unreadable' | 'sending';

// One thing is no plural form in every language, and still has another sentence than several.
function someText(kind: SomeKind, { name, count, other }: { readonly name: string; readonly count: number; readonly other?: string }, words: Words): string {
  const told = { name, other: other ?? '' };
  return count === 1 ? words.t(`preflightWarning.${kind}`, told) : words.t(`preflightWarning.${kind}-some`, { ...told, count });
}
