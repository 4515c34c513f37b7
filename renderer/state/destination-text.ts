import type { AppState, Destination, DropTargetChoice, HistoryEntry } from '../../preload/contract.ts';
import { accountNameOf } from './account-name.ts';
import type { Applications } from './applications.svelte.ts';
import type { Words } from './words.svelte.ts';

/** What is known of destinations: the state, and the applications that were listed meanwhile. */
export interface KnownPlaces {
  readonly app: AppState;
  readonly applications: Pick<Applications, 'of'>;
}

/** A destination in one line: the service, the application or the region where one is chosen, the account. */
export function targetText(known: KnownPlaces, target: DropTargetChoice, words: Words, accountLabel = ''): string {
  const { service } = target.destination;
  const named = { service: words.t(`services.${service}`), account: accountNameOf({ accountId: target.accountId, accountLabel }, known.app.accounts, words) };
  const place = placeText(known, target, words);
  return place === '' ? words.t('destination.of', named) : words.t('destination.ofPlace', { ...named, place });
}

/** Where something went, said as the destination was. */
export function sentToText(known: KnownPlaces, sent: Pick<HistoryEntry, 'service' | 'applicationId' | 'cosRegion' | 'accountId' | 'accountLabel'>, words: Words): string {
  const { service, applicationId, cosRegion, accountId, accountLabel } = sent;
  return targetText(known, { accountId, destination: { service, applicationId, cosRegion, durationSeconds: null } }, words, accountLabel);
}

/** What tells a destination from the others of its service: the application's name with its ID, or the region; '' for the service's default. */
export function placeText(known: KnownPlaces, { accountId, destination }: DropTargetChoice, words: Words): string {
  const { service, applicationId: id, cosRegion } = destination;
  if (service === 'ms') return cosRegion;
  const name = applicationName(known, accountId, id);
  return name === null || name === id ? id : words.t('destination.application', { name, id });
}

/** The shortest that tells it from others: the application's name alone, or the service with the region. */
export function shortPlaceText(known: KnownPlaces, { accountId, destination }: DropTargetChoice, words: Words): string {
  const { service, applicationId, cosRegion } = destination;
  if (service === 'car') return applicationName(known, accountId, applicationId) ?? applicationId;
  return cosRegion === '' ? words.t('services.ms') : words.t('destination.inRegion', { service: words.t('services.ms'), region: cosRegion });
}

/** True where it is the chosen destination. */
export function isChosen(app: AppState, { accountId, destination }: DropTargetChoice): boolean {
  return accountId === app.accountId && isSamePlace(destination, app.destination);
}

function isSamePlace(some: Destination, other: Destination): boolean {
  return some.service === other.service && (some.service === 'car' ? some.applicationId === other.applicationId : some.cosRegion === other.cosRegion);
}

/** As the service listed it, now or when something was last sent there. */
function applicationName({ app, applications }: KnownPlaces, accountId: string, applicationId: string): string | null {
  const listed = applications.of(accountId).applications.find(({ id }) => id === applicationId);
  if (listed) return listed.name;
  const sent = app.recentDestinations.find((recent) => recent.accountId === accountId && recent.destination.service === 'car' && recent.destination.applicationId === applicationId);
  return sent?.applicationName ?? null;
}
