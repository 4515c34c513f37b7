import type { CredentialState, Destination } from '../../preload/contract.ts';
import { toProblem } from '../ferry-error.ts';
import type { Account } from './account.ts';
import type { ApiClient } from './api-client.ts';
import { fetchApplicationRenderingCredential } from './application-rendering.ts';
import { Broker } from './broker.ts';
import { fetchMobileSecurityCredential } from './mobile-security.ts';
import { SharedPrefixes, type Origin } from './shared-prefixes.ts';
import { credentialView, type TemporaryCredential } from './temporary-credential.ts';

export interface CredentialDeskOptions {
  readonly apiFor: (account: Account, change: { readonly impatient: boolean }) => ApiClient;
  readonly now: () => number;
  /** Something that `state` tells has changed. */
  readonly onChange: () => void;
  /** A secret that must never be written anywhere. */
  readonly redact: (secret: string, untilMs: number) => void;
}

/** Gives out temporary credentials for destinations and remembers, for the window, the latest of each. */
export class CredentialDesk {
  readonly #options: CredentialDeskOptions;
  readonly #brokers = new Map<string, Broker>();
  readonly #states = new Map<string, CredentialState>();
  readonly #prefixes: SharedPrefixes;

  constructor(options: CredentialDeskOptions) {
    this.#options = options;
    this.#prefixes = new SharedPrefixes(options.now);
  }

  state(account: Account, destination: Destination): CredentialState {
    return this.#states.get(placeOf(account, destination)) ?? { kind: 'none' };
  }

  /** Fetches a new one, for a person who asks for it and waits; the next upload uses it. */
  refresh(account: Account, destination: Destination): Promise<TemporaryCredential> {
    const fileName = `${destination.applicationId}.zip`;
    return this.#broker(account, destination, fileName).refresh(
      () => this.#fetch(account, destination, fileName, placeOf(account, destination), true));
  }

  /** ms: one that lives so many seconds, or the service's default where it refuses that; for one upload alone. */
  fetchFor(account: Account, destination: Destination, durationSeconds: number): Promise<TemporaryCredential> {
    return this.#fetch(account, { ...destination, durationSeconds }, '', placeOf(account, destination));
  }

  /**
   * Where an upload of this file name gets its credentials. Those of ms are shared; one of car is
   * one object, so every upload has a broker of its own, which begins with the credential a person
   * has re-fetched, if nobody has used it yet.
   */
  brokerFor(account: Account, destination: Destination, fileName: string): Broker {
    const shared = this.#broker(account, destination, fileName);
    if (destination.service === 'ms') return shared;
    const place = placeOf(account, destination);
    return new Broker({
      now: this.#options.now,
      fetch: () => this.#fetch(account, destination, fileName, place),
      initial: shared.takeReady(),
    });
  }

  /**
   * The credential for an upload to begin under. For ms a source keeps its own to the end, so that a
   * folder is not scattered over prefixes; where it has one, that is there at once. Rejects with
   * `duplicate-object` where another source of this name has the prefix and no other is to be had.
   */
  begin(destination: Destination, broker: Broker, origin: Origin): TemporaryCredential | Promise<TemporaryCredential> {
    return destination.service === 'car' ? broker.get() : this.#prefixes.held(origin) ?? this.#prefixes.of(origin, broker);
  }

  /** ms: a source that was begun under this credential before a restart goes on under it. */
  adopt(destination: Destination, credential: TemporaryCredential, origin: Origin): void {
    if (destination.service === 'ms') this.#prefixes.adopt(origin, credential);
  }

  /** COS has refused this credential as dead: no source goes on with it. */
  ended(credential: TemporaryCredential): void {
    this.#prefixes.invalidate(credential);
  }

  forget(account: Pick<Account, 'id'>): void {
    for (const map of [this.#brokers, this.#states]) {
      for (const place of map.keys()) if (place.startsWith(`${account.id}|`)) map.delete(place);
    }
  }

  #broker(account: Account, destination: Destination, fileName: string): Broker {
    const place = placeOf(account, destination);
    const id = destination.service === 'car' ? `${place}|${extension(fileName)}` : place;
    const known = this.#brokers.get(id);
    if (known) return known;
    const broker = new Broker({ now: this.#options.now, fetch: () => this.#fetch(account, destination, fileName, place) });
    this.#brokers.set(id, broker);
    return broker;
  }

  async #fetch(account: Account, destination: Destination, fileName: string, place: string, impatient = false): Promise<TemporaryCredential> {
    const before = this.#states.get(place);
    const previous = before?.kind === 'ready' ? before.credential : before?.kind === 'failed' ? before.previous : null;
    this.#set(place, { kind: 'fetching', previous });
    try {
      const api = this.#options.apiFor(account, { impatient });
      const credential = destination.service === 'car'
        ? await fetchApplicationRenderingCredential(api, { applicationId: destination.applicationId, fileName })
        : await fetchMobileSecurityCredential(api, destination, this.#options.now);
      this.#options.redact(credential.tmpSecretKey, credential.expiresAtMs);
      this.#options.redact(credential.token, credential.expiresAtMs);
      this.#set(place, { kind: 'ready', credential: credentialView(credential) });
      return credential;
    } catch (error) {
      this.#set(place, { kind: 'failed', problem: toProblem(error), previous });
      throw error;
    }
  }

  #set(place: string, state: CredentialState): void {
    this.#states.set(place, state);
    this.#options.onChange();
  }
}

function placeOf(account: Account, destination: Destination): string {
  const asked = destination.service === 'car' ? destination.applicationId : `${destination.cosRegion}|${destination.durationSeconds ?? ''}`;
  // An account that was given another endpoint asks somebody else.
  return `${account.id}|${account.secretId}|${account.apiEndpoint ?? ''}|${destination.service}|${asked}`;
}

function extension(fileName: string): string {
  return fileName.slice(fileName.lastIndexOf('.') + 1).toLowerCase();
}
