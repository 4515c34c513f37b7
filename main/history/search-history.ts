import type { HistoryFilter, Language } from '../../preload/contract.ts';
import { createTranslator } from '../../preload/locales/translator.ts';
import type { KeptEntry } from './history-entry.ts';

const languages: readonly Language[] = ['en', 'zh-CN'];

/**
 * A test for entries that hold every word of a search, in whatever field and case. Service and
 * outcome are found by their words in every language, since a person types what the window shows.
 */
export function historyFilter({ search, outcome }: HistoryFilter): (entry: KeptEntry) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const isMeant = (entry: KeptEntry): boolean => outcome === null || entry.outcome === outcome;
  if (words.length === 0) return isMeant;
  const shown = shownWords();
  return (entry) => {
    if (!isMeant(entry)) return false;
    const text = `${searched(entry)}\n${shown.outcomes[entry.outcome]}\n${shown.services[entry.service]}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

function shownWords(): { readonly outcomes: Record<KeptEntry['outcome'], string>; readonly services: Record<KeptEntry['service'], string> } {
  const translators = languages.map(createTranslator);
  const outcome = (name: KeptEntry['outcome']): string => translators.map((t) => `${t(`phase.${name}`)}\n${t(`queue.group.${name}`)}`).join('\n');
  const service = (name: KeptEntry['service']): string => translators.map((t) => t(`services.${name}`)).join('\n');
  return { outcomes: { done: outcome('done'), failed: outcome('failed'), cancelled: outcome('cancelled') }, services: { ms: service('ms'), car: service('car') } };
}

function searched(entry: KeptEntry): string {
  const { name, paths, accountLabel, applicationId, bucket, region, key, crc64, etag, requestId, problem } = entry;
  return [name, ...paths, accountLabel, applicationId, bucket, region, key, crc64, etag, requestId, problem?.code, problem?.serviceCode, problem?.requestId].join('\n');
}
