import type { AppState, DropTargetChoice, RecentDestination } from '../../preload/contract.ts';
import { accountName } from './account-name.ts';
import type { Words } from './words.svelte.ts';

/** Where the next drop goes, in one line: the service, the application where it has one, the account. */
export function destinationText(app: AppState, words: Words): string {
  return targetText(app, app, words);
}

/** The same of any destination of any account. */
export function targetText(app: AppState, { accountId, destination }: DropTargetChoice, words: Words): string {
  const { service, applicationId } = destination;
  const named = { service: words.t(`services.${service}`), account: accountOf(app, accountId, words) };
  return service === 'car' && applicationId !== ''
    ? words.t('destination.ofApplication', { ...named, applicationId })
    : words.t('destination.of', named);
}

/** What tells a recent destination from the others, shortly: the application, or the service with its region. */
export function recentText(app: AppState, { accountId, destination, applicationName }: RecentDestination, words: Words): { readonly place: string; readonly account: string } {
  const { service, applicationId, cosRegion } = destination;
  const ms = words.t('services.ms');
  const place = service === 'car' ? applicationName ?? applicationId : cosRegion === '' ? ms : words.t('destination.short', { place: ms, account: cosRegion });
  return { place, account: accountOf(app, accountId, words) };
}

/** True where it is the chosen destination. */
export function isChosen(app: AppState, { accountId, destination }: DropTargetChoice): boolean {
  const { service, applicationId, cosRegion } = app.destination;
  return accountId === app.accountId && destination.service === service
    && (service === 'car' ? destination.applicationId === applicationId : destination.cosRegion === cosRegion);
}

function accountOf(app: AppState, accountId: string, words: Words): string {
  const account = app.accounts.find(({ id }) => id === accountId);
  return account ? accountName(account, words) : '';
}
