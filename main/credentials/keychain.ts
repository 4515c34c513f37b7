import { setTimeout as sleep } from 'node:timers/promises';
import type * as keytarModule from 'keytar';
import { FerryError } from '../ferry-error.ts';

const keychainService = 'COS Ferry';
const probeAccount = 'is-it-locked';

// A locked keychain asks its owner for a password, which takes a person a while; without anybody
// to ask, some keychains never answer at all.
const answerWithinMs = 60_000;

/** Where account keys are kept. `account` is the account's id. Throws `keychain-unavailable` or `keychain-locked`. */
export interface Keychain {
  get(account: string): Promise<string | null>;
  set(account: string, secretKey: string): Promise<void>;
  delete(account: string): Promise<void>;
  /** It is about to be asked something. */
  prepare?(): void;
}

type Keytar = typeof keytarModule;

/** The keychain of the operating system: Keychain, Credential Manager or the Secret Service, through keytar. */
export class SystemKeychain implements Keychain {
  readonly #service: string;
  readonly #answerWithinMs: number;

  constructor(options: { service?: string; answerWithinMs?: number } = {}) {
    this.#service = options.service ?? keychainService;
    this.#answerWithinMs = options.answerWithinMs ?? answerWithinMs;
  }

  async get(account: string): Promise<string | null> {
    const secretKey = await this.#ask((keytar) => keytar.getPassword(this.#service, account));
    if (secretKey === null && process.platform === 'linux') await this.#refuseWhileLocked();
    return secretKey;
  }

  async set(account: string, secretKey: string): Promise<void> {
    await this.#ask((keytar) => keytar.setPassword(this.#service, account, secretKey));
  }

  async delete(account: string): Promise<void> {
    await this.#ask((keytar) => keytar.deletePassword(this.#service, account));
  }

  /** The Secret Service hides what is locked as if it were not there; only writing tells. */
  async #refuseWhileLocked(): Promise<void> {
    await this.set(probeAccount, 'unlocked');
    await this.delete(probeAccount);
  }

  async #ask<T>(question: (keytar: Keytar) => Promise<T>): Promise<T> {
    const patience = new AbortController();
    const noAnswer = sleep(this.#answerWithinMs, undefined, { signal: patience.signal, ref: false }).then(() => {
      throw new FerryError({ code: 'keychain-locked', detail: 'The keychain gave no answer.' });
    });
    try {
      // Loaded late, because on a system without libsecret the very import fails.
      const loaded = await import('keytar') as Keytar & { default?: Keytar };
      return await Promise.race([question(loaded.default ?? loaded), noAnswer]);
    } catch (error) {
      throw error instanceof FerryError ? error : keychainError(error);
    } finally {
      noAnswer.catch(() => undefined);
      patience.abort();
    }
  }
}

function keychainError(error: unknown): FerryError {
  const detail = error instanceof Error ? error.message : String(error);
  const locked = /locked|dismissed|cancel|denied|interaction is not allowed|-25308|-128\b/i.test(detail);
  return new FerryError({ code: locked ? 'keychain-locked' : 'keychain-unavailable', detail }, { cause: error });
}
