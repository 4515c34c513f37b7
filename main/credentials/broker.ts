import type { TemporaryCredential } from './temporary-credential.ts';

export interface BrokerOptions {
  readonly fetch: () => Promise<TemporaryCredential>;
  readonly now: () => number;
  /** One that was fetched already. */
  readonly initial?: TemporaryCredential | null;
}

const mostMarginMs = 60_000;

/**
 * Holds one temporary credential for many users: one fetch in flight however many ask, a new one
 * before the old one ends, and none given out again once it was found dead.
 */
export class Broker {
  readonly #options: BrokerOptions;
  #current: TemporaryCredential | null;
  #fetching: { readonly credential: Promise<TemporaryCredential>; readonly impatient: boolean } | null = null;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#current = options.initial ?? null;
  }

  /** The present credential while it has a while to live, else a new one. */
  async get(): Promise<TemporaryCredential> {
    if (this.#current && !isEnding(this.#current, this.#options.now())) return this.#current;
    if (!this.#fetching?.impatient) return this.refresh();
    // What a person did not want to wait for may fail early; that is not this caller's failure.
    await this.#fetching.credential.catch(() => undefined);
    return this.get();
  }

  /** The present credential for one user alone, without a fetch; null where there is none worth having. */
  takeReady(): TemporaryCredential | null {
    const ready = this.#current && !isEnding(this.#current, this.#options.now()) ? this.#current : null;
    this.#current = null;
    return ready;
  }

  /** A new credential, whatever the present one is worth; `fetch` where it is not to be fetched as patiently as usual. */
  refresh(fetch?: () => Promise<TemporaryCredential>): Promise<TemporaryCredential> {
    // A patient one may take an hour, which a person is not to wait for: whichever comes first is the present one.
    if (fetch && this.#fetching?.impatient === false) return Promise.race([this.#fetching.credential, this.#take(fetch())]);
    this.#fetching ??= {
      impatient: fetch !== undefined,
      credential: this.#take((fetch ?? this.#options.fetch)()).finally(() => { this.#fetching = null; }),
    };
    return this.#fetching.credential;
  }

  async #take(fetching: Promise<TemporaryCredential>): Promise<TemporaryCredential> {
    const credential = await fetching;
    this.#current = credential;
    return credential;
  }

  /** Forgets this credential; a newer one that came meanwhile stays. */
  invalidate(credential: TemporaryCredential): void {
    if (this.#current === credential) this.#current = null;
  }
}

/** True for the last minute of a credential, or the last fifth of a short one. */
export function isEnding(credential: TemporaryCredential, nowMs: number): boolean {
  return nowMs >= endingAtMs(credential);
}

/** From when on a credential is ending. */
export function endingAtMs({ startsAtMs, expiresAtMs }: TemporaryCredential): number {
  return expiresAtMs - Math.min(mostMarginMs, (expiresAtMs - startsAtMs) / 5);
}
