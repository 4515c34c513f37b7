import type { DropTargetChoice, RecentDestination } from '../../preload/drops.ts';
import { FerryError } from '../ferry-error.ts';
import type { SettingsStore } from '../settings/settings-store.ts';
import { parseDestination, type Accounts } from './accounts.ts';
import type { DropTarget } from './lane.ts';

const mostRecent = 8;

/** Where drops went lately, and the lock that keeps the chosen destination as it is. */
export class Destinations {
  readonly #settings: SettingsStore;
  readonly #accounts: Accounts;
  readonly #names = new Map<string, string>();

  constructor(settings: SettingsStore, accounts: Accounts) {
    this.#settings = settings;
    this.#accounts = accounts;
  }

  get locked(): boolean {
    return this.#settings.value.destinationLocked;
  }

  recent(): readonly RecentDestination[] {
    return this.#settings.value.recentDestinations
      .filter(({ accountId }) => this.#accounts.find(accountId))
      .map((recent) => ({ ...recent, id: idOf(recent) }));
  }

  /** Throws `destination-locked`. */
  refuseWhileLocked(): void {
    if (this.locked) throw new FerryError({ code: 'destination-locked' });
  }

  /** Throws `application-id-missing` where there is nothing to be locked yet. */
  async lock(locked: boolean): Promise<void> {
    const { service, applicationId } = this.#accounts.destination(this.#accounts.selected);
    if (locked && service === 'car' && applicationId === '') throw new FerryError({ code: 'application-id-missing' });
    await this.#settings.update({ destinationLocked: locked });
  }

  /** Throws `destination-locked`, `request-invalid` for an unknown account, and what is wrong with the destination. */
  async use({ accountId, destination }: DropTargetChoice): Promise<void> {
    this.refuseWhileLocked();
    const account = this.#accounts.find(accountId);
    if (!account) throw new FerryError({ code: 'request-invalid' });
    await this.#accounts.setDestination(account, destination);
    await this.#accounts.select(accountId);
  }

  /** The target of a choice; null where its account is gone. Throws what is wrong with the destination. */
  targetOf({ accountId, destination }: DropTargetChoice): DropTarget | null {
    const account = this.#accounts.find(accountId);
    return account && { account, destination: parseDestination(destination) };
  }

  /** Something goes there now. */
  async remember({ account, destination }: DropTarget): Promise<void> {
    const { recentDestinations } = this.#settings.value;
    const used = { accountId: account.id, destination: { ...destination } };
    const known = recentDestinations.find((other) => idOf(other) === idOf(used));
    const applicationName = this.#names.get(nameKey(used)) ?? known?.applicationName ?? null;
    await this.#settings.update({
      // Who has sent something has chosen.
      hasChosen: true,
      recentDestinations: [{ ...used, applicationName }, ...recentDestinations.filter((other) => other !== known)].slice(0, mostRecent),
    });
  }

  /** The names that the service has for an account's applications. */
  name(accountId: string, applications: readonly { readonly id: string; readonly name: string }[]): void {
    for (const { id, name } of applications) this.#names.set(`${accountId}|${id}`, name);
  }

  /** An account was removed. What was locked goes with it. */
  async forget(accountId: string, wasSelected: boolean): Promise<void> {
    const { recentDestinations, speeds, destinationLocked } = this.#settings.value;
    await this.#settings.update({
      recentDestinations: recentDestinations.filter((recent) => recent.accountId !== accountId),
      speeds: Object.fromEntries(Object.entries(speeds).filter(([id]) => id !== accountId)),
      destinationLocked: destinationLocked && !wasSelected,
    });
  }
}

/** The same place, whatever the credential's duration. */
export function sameTarget(some: DropTarget, other: DropTarget): boolean {
  return idOf({ accountId: some.account.id, destination: some.destination }) === idOf({ accountId: other.account.id, destination: other.destination });
}

function idOf({ accountId, destination }: DropTargetChoice): string {
  const { service, applicationId, cosRegion } = destination;
  return [accountId, service, service === 'car' ? applicationId : cosRegion].join('|');
}

function nameKey({ accountId, destination }: DropTargetChoice): string {
  return `${accountId}|${destination.applicationId}`;
}
