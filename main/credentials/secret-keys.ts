import type { KeyStorage } from '../../preload/contract.ts';
import { FerryError, toProblem } from '../ferry-error.ts';
import type { Keychain } from './keychain.ts';

/** The SecretKeys of all accounts: in the keychain, or for this session in memory. Never anywhere else. */
export class SecretKeys {
  readonly #keychain: Keychain;
  readonly #session = new Map<string, string>();
  readonly #missing = new Set<string>();
  readonly #redact: (secret: string) => void;

  constructor(keychain: Keychain, redact: (secret: string) => void) {
    this.#keychain = keychain;
    this.#redact = redact;
  }

  /** The account's key. Throws `key-missing`, `keychain-locked` or `keychain-unavailable`. */
  async get(account: { readonly id: string; readonly label: string }): Promise<string> {
    const key = this.#session.get(account.id) ?? await this.#keychain.get(account.id);
    if (key === null) {
      this.#missing.add(account.id);
      throw new FerryError({ code: 'key-missing', params: { label: account.label } });
    }
    this.#redact(key);
    return key;
  }

  async keep(accountId: string, secretKey: string, sessionOnly: boolean): Promise<void> {
    this.#redact(secretKey);
    if (sessionOnly) {
      this.#session.set(accountId, secretKey);
      // One that was kept before must not outlive this one; where it cannot be reached, removing the account tries again.
      await this.#keychain.delete(accountId).catch(() => undefined);
    } else {
      await this.#keychain.set(accountId, secretKey);
      this.#session.delete(accountId);
    }
    this.#missing.delete(accountId);
  }

  /** Says that the key is known to be nowhere, as after a start for one that was kept in memory only. */
  markMissing(accountId: string): void {
    this.#missing.add(accountId);
  }

  /**
   * Deletes the key wherever it is. Where the keychain cannot be asked this throws `key-not-deleted`,
   * unless the key was only ever in memory.
   */
  async forget(accountId: string, onlyEverInMemory: boolean): Promise<void> {
    try {
      await this.#keychain.delete(accountId);
    } catch (error) {
      const { detail } = toProblem(error);
      if (!onlyEverInMemory) throw new FerryError({ code: 'key-not-deleted', ...(detail === undefined ? {} : { detail }) }, { cause: error });
    }
    this.#session.delete(accountId);
    this.#missing.delete(accountId);
  }

  /** Where the key is as far as known without asking the keychain, which might prompt. */
  storage(accountId: string): Exclude<KeyStorage, 'sandbox'> {
    if (this.#session.has(accountId)) return 'session';
    return this.#missing.has(accountId) ? 'missing' : 'keychain';
  }
}
