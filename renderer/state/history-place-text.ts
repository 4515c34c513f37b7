import type { AccountView, HistoryEntry } from '../../preload/contract.ts';
import { accountNameOf } from './account-name.ts';
import type { Words } from './words.svelte.ts';

/** Where something went, in one line: the service, the application or the region, the account. */
export function historyPlaceText(
  entry: Pick<HistoryEntry, 'service' | 'applicationId' | 'region' | 'accountId' | 'accountLabel'>,
  accounts: readonly AccountView[],
  words: Words,
): string {
  const { service, applicationId, region } = entry;
  const told = { service: words.t(`services.${service}`), account: accountNameOf(entry, accounts, words) };
  const within = service === 'car' ? applicationId : region;
  return within === '' ? words.t('destination.of', told) : words.t('destination.ofPlace', { ...told, place: within });
}
