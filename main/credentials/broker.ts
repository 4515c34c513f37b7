import type { TemporaryCredential } from './temporary-credential.ts';

export interface BrokerOptions {
  /** `fileName` is what the credential is for, where the service wants to know. */
  readonly fetch: (fileName: string) => Promise<TemporaryCredential>;
  readonly now: () => number;
}

const mostMarginMs = 60_000;

/**
 * Holds one temporary credential for many users: one fetch in flight however many ask, a new one
 * before the old one ends, and none given out again once it was found dead.
 */
export class Broker {
  readonly #options: BrokerOptions;
  #current: TemporaryCredential | null = null;
  #fetching: Promise<TemporaryCredential> | null = null;

  constructor(options: BrokerOptions) {
    this.#options = options;
  }

  /** The present credential while it has a while to live, else a new one. */
  async get(fileName = ''): Promise<TemporaryCredential> {
    if (this.#current && !isEnding(this.#current, this.#options.now())) return this.#current;
    return this.refresh(fileName);
  }

  /** The present credential for one user alone: the next one who asks gets another. */
  async take(fileName = ''): Promise<TemporaryCredential> {
    const taken = await this.get(fileName);
    this.invalidate(taken);
    return taken;
  }

  /** A new credential, whatever the present one is worth. */
  refresh(fileName = ''): Promise<TemporaryCredential> {
    this.#fetching ??= this.#options.fetch(fileName)
      .then((credential) => {
        this.#current = credential;
        return credential;
      })
      .finally(() => { this.#fetching = null; });
    return this.#fetching;
  }

  /** Forgets this credential; a newer one that came meanwhile stays. */
  invalidate(credential: TemporaryCredential): void {
    if (this.#current === credential) this.#current = null;
  }
}

/** True for the last minute of a credential, or the last fifth of a short one. */
export function isEnding(credential: TemporaryCredential, nowMs: number): boolean {
  const lifeMs = credential.expiresAtMs - credential.startsAtMs;
  return nowMs >= credential.expiresAtMs - Math.min(mostMarginMs, lifeMs / 5);
}
