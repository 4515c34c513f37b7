import { abandonable } from '../abandonable.ts';
import { endingAtMs, isEnding, type Broker } from '../credentials/broker.ts';
import { covers, type TemporaryCredential } from '../credentials/temporary-credential.ts';
import { StoreError, type Body, type HeldPart, type ObjectStore, type SendOptions, type StoredObject, type StoredPart } from '../transfer/object-store.ts';
import type { Outside } from '../transfer/slots.ts';
import { ScopeLost } from './scope-lost.ts';

export interface RenewingStoreOptions {
  readonly first: TemporaryCredential;
  readonly key: string;
  readonly broker: Broker;
  /** Whether it is watched when the credential ends; else the next request finds that out. */
  readonly watches: boolean;
  readonly now: () => number;
  readonly storeFor: (credential: TemporaryCredential) => ObjectStore;
  /** The store has done what it was asked for. */
  readonly onAnswered: () => void;
  /** Went on under another credential, with the same object and the same UploadId. */
  readonly onRenewed: (credential: TemporaryCredential) => void;
  /** COS has called this credential dead. */
  readonly onDead: (credential: TemporaryCredential) => void;
}

const mostRenewals = 3;
const askAgainAfterMs = 5_000;
const leastBetweenMs = 1_000;
// Kept back of a key that nothing can go on after, to abort with it what was begun.
const mostLastMomentsMs = 3_000;
const longestTimerMs = 2 ** 31 - 1;

/**
 * One object seen through a credential that is renewed when it ends: before that where the next one
 * covers the object, else when COS calls it dead. Throws ScopeLost where it cannot go on.
 */
export class RenewingStore implements ObjectStore {
  readonly bucket: string;
  readonly region: string;
  readonly place: string;
  readonly #options: RenewingStoreOptions;
  #lost: AbortController | null = null;
  #current: TemporaryCredential;
  /** Known not to cover the object, so that the present one is the last. */
  #unfit: TemporaryCredential | null = null;
  #askAgainAtMs = 0;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;
  #isLast = false;

  constructor(options: RenewingStoreOptions) {
    this.#options = options;
    this.#current = options.first;
    this.bucket = options.first.bucket;
    this.region = options.first.region;
    this.place = options.storeFor(options.first).place;
    this.#watch();
  }

  /**
   * Aborts with a ScopeLost when the last credential that covers the object is about to end, while
   * there is a moment left to abort with it what was begun.
   */
  get signal(): AbortSignal {
    this.#lost ??= new AbortController();
    return this.#lost.signal;
  }

  /** What it goes on under now. */
  get credential(): TemporaryCredential {
    return this.#current;
  }

  /** All parts are there: what is left may take the credential to its very end. */
  allSent(): void {
    this.#isLast = true;
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  putObject(key: string, body: Body, options: SendOptions): Promise<StoredObject> {
    return this.#through(options.signal, (store) => store.putObject(key, body, options), options.outside);
  }

  startMultipart(key: string, signal: AbortSignal): Promise<string> {
    return this.#through(signal, (store) => store.startMultipart(key, signal));
  }

  putPart(key: string, uploadId: string, partNumber: number, body: Body, options: SendOptions): Promise<StoredPart> {
    return this.#through(options.signal, (store) => store.putPart(key, uploadId, partNumber, body, options), options.outside);
  }

  listParts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly HeldPart[]> {
    return this.#through(signal, (store) => store.listParts(key, uploadId, signal));
  }

  completeMultipart(key: string, uploadId: string, parts: readonly StoredPart[], signal: AbortSignal): Promise<StoredObject> {
    return this.#through(signal, (store) => store.completeMultipart(key, uploadId, parts, signal));
  }

  abortMultipart(key: string, uploadId: string, signal: AbortSignal): Promise<void> {
    return this.#through(signal, (store) => store.abortMultipart(key, uploadId, signal));
  }

  headObject(key: string, signal: AbortSignal): Promise<StoredObject & { readonly size: number }> {
    return this.#through(signal, (store) => store.headObject(key, signal));
  }

  async #through<T>(signal: AbortSignal, call: (store: ObjectStore) => Promise<T>, outside: Outside = (wait) => wait()): Promise<T> {
    for (let renewals = 0; ; renewals++) {
      if (this.#options.now() >= this.#current.expiresAtMs) await outside(() => this.#goOn(this.#current, signal));
      const credential = this.#current;
      try {
        const answer = await call(this.#options.storeFor(credential));
        this.#options.onAnswered();
        return answer;
      } catch (error) {
        const dead = error instanceof StoreError && error.kind === 'credential-dead';
        if (!dead || renewals === mostRenewals) throw error;
        this.#options.broker.invalidate(credential);
        this.#options.onDead(credential);
        // Others may have found it dead as well and gone on already.
        if (this.#current === credential) await outside(() => this.#goOn(credential, signal));
      }
    }
  }

  async #goOn(before: TemporaryCredential, signal: AbortSignal): Promise<void> {
    const { broker, key, now } = this.#options;
    const ended = isEnding(before, now());
    const next = await abandonable(broker.get(), signal);
    if (!covers(next, key, before)) throw new ScopeLost(next, ended ? 'ended' : 'died');
    this.#use(next);
  }

  #use(credential: TemporaryCredential): void {
    if (credential === this.#current) return;
    this.#current = credential;
    this.#unfit = null;
    // Not at once, should one be given out that is ending already.
    this.#askAgainAtMs = this.#options.now() + leastBetweenMs;
    this.#options.onRenewed(credential);
    this.#watch();
  }

  /** By a timer and not by requests, as one part can take longer than the last minute of a key. */
  #watch(): void {
    if (this.#timer) clearTimeout(this.#timer);
    if (this.#closed || !this.#options.watches) return;
    const { now } = this.#options;
    const { startsAtMs, expiresAtMs } = this.#current;
    const lastMomentsMs = Math.min(mostLastMomentsMs, (expiresAtMs - startsAtMs) / 20);
    const atMs = this.#unfit ? expiresAtMs - lastMomentsMs : Math.max(endingAtMs(this.#current), this.#askAgainAtMs);
    this.#timer = setTimeout(() => {
      // The clock may have been set right meanwhile.
      if (now() < atMs) this.#watch();
      else if (this.#unfit) this.#lose(this.#unfit);
      else void this.#renew();
    }, Math.min(longestTimerMs, Math.max(0, atMs - now())));
  }

  /** Nobody waits for the next credential while the one at hand lives. */
  async #renew(): Promise<void> {
    const { broker, key, now } = this.#options;
    const ending = this.#current;
    this.#askAgainAtMs = now() + askAgainAfterMs;
    try {
      const offered = await broker.get();
      if (this.#current !== ending) return;
      if (covers(offered, key, ending)) {
        this.#use(offered);
        return;
      }
      this.#unfit = offered;
    } catch {
      // Asked again soon; where it is still refused when the one at hand is dead, its request fails with that.
    }
    this.#watch();
  }

  #lose(next: TemporaryCredential): void {
    if (this.#isLast) return;
    this.#lost ??= new AbortController();
    this.#lost.abort(new ScopeLost(next, 'ended'));
  }
}
