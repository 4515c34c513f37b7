import { randomUUID } from 'node:crypto';
import type { AccountDraft, AccountView, Destination } from '../../preload/contract.ts';
import type { Account } from '../credentials/account.ts';
import { parseApiEndpoint, parseCosDomain } from '../credentials/endpoints.ts';
import type { SecretKeys } from '../credentials/secret-keys.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import { sandboxAccountId, type StoredAccount } from '../settings/settings.ts';
import type { SettingsStore } from '../settings/settings-store.ts';

export interface AccountsOptions {
  readonly settings: SettingsStore;
  readonly keys: SecretKeys;
  readonly sandbox: Account;
  /** Asks the service whether the key is right; throws where it is not. */
  readonly check: (account: Account, secretKey: string) => Promise<void>;
}

export const sandboxApplicationId = 'app-sandbox';

const firstDestination: Destination = { service: 'car', applicationId: '', cosRegion: '', durationSeconds: null };

/** The accounts and what is remembered of each; keys stay with `SecretKeys`. */
export class Accounts {
  readonly #options: AccountsOptions;

  constructor(options: AccountsOptions) {
    this.#options = options;
    for (const stored of options.settings.value.accounts) {
      if (stored.sessionOnly) options.keys.markMissing(stored.id);
    }
  }

  get selected(): Account {
    return this.find(this.#options.settings.value.accountId) ?? this.#options.sandbox;
  }

  destination(account: Account): Destination {
    return this.#options.settings.value.destinations[account.id]
      ?? (account.id === sandboxAccountId ? { ...firstDestination, applicationId: sandboxApplicationId } : firstDestination);
  }

  views(): readonly AccountView[] {
    return [this.#options.sandbox, ...this.#options.settings.value.accounts].map((account) => this.#view(account));
  }

  /**
   * Checks the key with the service, keeps it, remembers the account and chooses it. The same label
   * with the same SecretId gives an account its key anew; only who has that key can send it elsewhere.
   * Throws what is wrong with a field, the service's refusal, or `keychain-*`; then nothing was kept.
   */
  async add(draft: AccountDraft): Promise<AccountView> {
    const { settings, keys } = this.#options;
    const secretKey = draft.secretKey.trim();
    const fields = this.#parse(draft, secretKey);
    const known = settings.value.accounts.find((account) => account.label === fields.label);
    if (known) await this.#refuseToRedirect(known, fields, secretKey);
    const wasInKeychain = !draft.sessionOnly || known?.wasInKeychain === true;
    const account: StoredAccount = { id: known?.id ?? randomUUID(), ...fields, sessionOnly: draft.sessionOnly, wasInKeychain };
    await this.#options.check(account, secretKey);
    await keys.keep(account.id, secretKey, draft.sessionOnly);
    await settings.update({
      accounts: [...settings.value.accounts.filter((other) => other.id !== account.id), account],
      accountId: account.id,
    });
    return this.#view(account);
  }

  /** Throws what is wrong with a field, as `add` would. */
  check(draft: AccountDraft): void {
    this.#parse(draft, draft.secretKey.trim());
  }

  async remove(accountId: string): Promise<void> {
    const { settings, keys } = this.#options;
    const stored = settings.value.accounts.find((account) => account.id === accountId);
    if (!stored) throw new FerryError({ code: 'request-invalid' });
    await keys.forget(accountId, stored.sessionOnly && !stored.wasInKeychain);
    const destinations = Object.fromEntries(Object.entries(settings.value.destinations).filter(([id]) => id !== accountId));
    await settings.update({
      accounts: settings.value.accounts.filter((account) => account.id !== accountId),
      accountId: settings.value.accountId === accountId ? sandboxAccountId : settings.value.accountId,
      destinations,
    });
  }

  async select(accountId: string): Promise<void> {
    if (!this.find(accountId)) throw new FerryError({ code: 'request-invalid' });
    await this.#options.settings.update({ accountId });
  }

  /** Throws `application-id-malformed`, `region-malformed` or `duration-out-of-range`. */
  async setDestination(account: Account, destination: Destination): Promise<void> {
    const { settings } = this.#options;
    await settings.update({ destinations: { ...settings.value.destinations, [account.id]: parseDestination(destination) } });
  }

  /** The account of this id, the sandbox's included. */
  find(accountId: string): Account | null {
    if (accountId === sandboxAccountId) return this.#options.sandbox;
    return this.#options.settings.value.accounts.find((account) => account.id === accountId) ?? null;
  }

  /** The account of this label, never the sandbox's. */
  labelled(label: string): Account | null {
    return this.#options.settings.value.accounts.find((account) => account.label === label) ?? null;
  }

  /**
   * Its unfinished uploads would follow an account to its new endpoints, files and temporary
   * credentials with them, so whoever moves it has to have its key. A SecretId has one for life.
   */
  async #refuseToRedirect(known: StoredAccount, to: Pick<Account, 'apiEndpoint' | 'cosDomain'>, secretKey: string): Promise<void> {
    if (known.apiEndpoint === to.apiEndpoint && known.cosDomain === to.cosDomain) return;
    const kept = await this.#options.keys.get(known).catch((error: unknown) => {
      if (toProblem(error).code === 'key-missing') return null;
      throw error;
    });
    if (kept !== null && kept !== secretKey) throw new FerryError({ code: 'secret-key-wrong' });
  }

  #parse(draft: AccountDraft, secretKey: string): Omit<StoredAccount, 'id' | 'sessionOnly' | 'wasInKeychain'> {
    const label = draft.label.trim();
    const secretId = draft.secretId.trim();
    if (label === '') throw new FerryError({ code: 'label-empty' });
    if (secretId === '') throw new FerryError({ code: 'secret-id-empty' });
    if (secretKey === '') throw new FerryError({ code: 'secret-key-empty' });
    // It goes into a request's header, where nothing else may stand.
    if (!/^[\x21-\x7e]{1,128}$/.test(secretId)) throw new FerryError({ code: 'secret-id-unknown' });
    const taken = label === this.#options.sandbox.label
      || this.#options.settings.value.accounts.some((other) => other.label === label && other.secretId !== secretId);
    if (taken) throw new FerryError({ code: 'label-taken', params: { label } });
    parseCosDomain(draft.cosDomain);
    return {
      label, site: draft.site, secretId,
      apiEndpoint: parseApiEndpoint(draft.apiEndpoint),
      cosDomain: draft.cosDomain?.trim() || null,
    };
  }

  #view(account: Account): AccountView {
    const { id, label, site, secretId, apiEndpoint, cosDomain } = account;
    const keyStorage = id === sandboxAccountId ? 'sandbox' : this.#options.keys.storage(id);
    return { id, label, site, secretId, apiEndpoint, cosDomain, keyStorage };
  }
}

/** The destination in its kept form, trimmed. */
export function parseDestination(destination: Destination): Destination {
  const applicationId = destination.applicationId.trim();
  const cosRegion = destination.cosRegion.trim();
  const { durationSeconds } = destination;
  if (!/^[A-Za-z0-9_-]{0,64}$/.test(applicationId)) throw new FerryError({ code: 'application-id-malformed', params: { applicationId } });
  if (cosRegion !== '' && !/^[a-z]{2,}(?:-[a-z0-9]+)+$/.test(cosRegion)) throw new FerryError({ code: 'region-malformed', params: { region: cosRegion } });
  if (durationSeconds !== null && !(Number.isInteger(durationSeconds) && durationSeconds >= 60 && durationSeconds <= 129_600)) {
    throw new FerryError({ code: 'duration-out-of-range' });
  }
  return { service: destination.service, applicationId, cosRegion, durationSeconds };
}
