import type { AppState } from '../../preload/contract.ts';
import { accountName } from './account-name.ts';
import type { Words } from './words.svelte.ts';

/** Where the next drop goes, in one line: the service, the application where it has one, the account. */
export function destinationText(app: AppState, words: Words): string {
  const { service, applicationId } = app.destination;
  const current = app.accounts.find((candidate) => candidate.id === app.accountId);
  const account = current ? accountName(current, words) : '';
  const named = { service: words.t(`services.${service}`), account };
  return service === 'car' && applicationId !== ''
    ? words.t('destination.ofApplication', { ...named, applicationId })
    : words.t('destination.of', named);
}
