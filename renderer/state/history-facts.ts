import type { HistoryEntry } from '../../preload/contract.ts';
import type { Words } from './words.svelte.ts';

/** All that is known of an entry, for the list of facts; what is not known is left out. */
export function historyFacts(entry: HistoryEntry, words: Words): { name: string; value: string; copy?: string }[] {
  const { t } = words;
  const facts = [
    { name: t('history.source'), value: entry.paths.join('\n') },
    { name: t('object.bucket'), value: entry.bucket },
    { name: t('object.region'), value: entry.region },
    { name: t('object.key'), value: entry.key },
    entry.size === null ? null : {
      name: t('object.size'),
      value: t('object.exactBytes', { size: words.bytes(entry.size), bytes: words.number(entry.size) }),
      copy: String(entry.size),
    },
    { name: t('object.crc64'), value: entry.crc64 },
    { name: t('object.etag'), value: entry.etag },
    { name: t('object.requestId'), value: entry.requestId },
    { name: t('history.sent'), value: words.bytes(entry.sentBytes), copy: String(entry.sentBytes) },
    entry.durationMs === null ? null : { name: t('history.took'), value: words.took(entry.durationMs), copy: String(entry.durationMs / 1000) },
    { name: t('problem.code'), value: entry.problem?.code ?? '' },
    { name: t('problem.serviceCode'), value: entry.problem?.serviceCode ?? '' },
  ];
  return facts.filter((fact) => fact !== null).filter((fact) => fact.value !== '');
}
