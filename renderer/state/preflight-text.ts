import type { PreflightFindings, PreflightWarning, Service, WaitingDrop } from '../../preload/contract.ts';
import type { Words } from './words.svelte.ts';

/** What a waiting drop is called: what was dropped, or the first of it and how many more. */
export function dropName({ names: [first = ''], count }: WaitingDrop, words: Words): string {
  return count > 1 ? words.t('preflight.more', { name: first, count: count - 1 }) : first;
}

/** What it comes to, piece by piece. */
export function findingPieces({ files, bytes, packedAs, entries }: PreflightFindings, service: Service, words: Words): readonly string[] {
  const packing = packedAs === null
    ? service === 'car' ? [words.t('preflight.asIs')] : []
    : [words.t('preflight.packed', { name: packedAs, count: entries })];
  return [words.t('preflight.files', { count: files }), words.bytes(bytes), ...packing];
}

/** How long it takes, against the life of its key; null where nothing was measured yet. */
export function estimateText({ estimate, keySeconds }: PreflightFindings, words: Words): string | null {
  if (!estimate) return null;
  const takes = { duration: words.duration(Math.max(1, estimate.seconds)), speed: words.speed(estimate.bytesPerSecond) };
  return keySeconds === null
    ? words.t('preflight.takes', takes)
    : words.t('preflight.takesWithin', { ...takes, life: words.exactDuration(Math.round(keySeconds)) });
}

export function warningText(warning: PreflightWarning, service: Service, words: Words): string {
  switch (warning.kind) {
    case 'unusual-kind':
      return words.t(`preflightWarning.unusual-kind-${service}`, { name: warning.name, count: warning.count });
    case 'same-on-windows':
      return words.t('preflightWarning.same-on-windows', { name: warning.name, other: warning.other, count: warning.count });
    case 'windows-name':
    case 'windows-too-long':
    case 'unreadable':
    case 'sending':
      return words.t(`preflightWarning.${warning.kind}`, { name: warning.name, count: warning.count });
    case 'no-executable':
      return words.t('preflightWarning.no-executable');
    case 'no-room':
      return words.t('preflightWarning.no-room', { needed: words.bytes(warning.neededBytes), free: words.bytes(warning.freeBytes) });
    case 'outlives-key':
      return words.t('preflightWarning.outlives-key', { duration: words.duration(warning.seconds), life: words.exactDuration(Math.round(warning.keySeconds)) });
    case 'uploaded-before':
      return words.t('preflightWarning.uploaded-before', { when: words.time(warning.atMs) });
  }
}
