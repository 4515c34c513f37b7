import { isEnding, type Broker } from '../credentials/broker.ts';
import { covers, type TemporaryCredential } from '../credentials/temporary-credential.ts';
import { StoreError, type Body, type HeldPart, type ObjectStore, type SendOptions, type StoredObject, type StoredPart } from '../transfer/object-store.ts';

export interface RenewingStoreOptions {
  readonly first: TemporaryCredential;
  readonly key: string;
  readonly broker: Broker;
  readonly now: () => number;
  readonly storeFor: (credential: TemporaryCredential) => ObjectStore;
  /** Went on under another credential, with the same object and the same UploadId. */
  readonly onRenewed: (credential: TemporaryCredential) => void;
}

/** The credential is dead and the next one does not cover the object: the upload has to start over under it. */
export class ScopeLost extends Error {
  readonly credential: TemporaryCredential;

  constructor(credential: TemporaryCredential) {
    super('The new temporary credential does not cover the object.');
    this.name = 'ScopeLost';
    this.credential = credential;
  }
}

const mostRenewals = 3;

/**
 * One object seen through a credential that is renewed when it ends: before that where the next one
 * covers the object, else when COS calls it dead. Throws ScopeLost where it cannot go on.
 */
export class RenewingStore implements ObjectStore {
  readonly bucket: string;
  readonly region: string;
  readonly #options: RenewingStoreOptions;
  #current: TemporaryCredential;
  #unfit: TemporaryCredential | null = null;

  constructor(options: RenewingStoreOptions) {
    this.#options = options;
    this.#current = options.first;
    this.bucket = options.first.bucket;
    this.region = options.first.region;
  }

  putObject(key: string, body: Body, options: SendOptions): Promise<StoredObject> {
    return this.#through((store) => store.putObject(key, body, options));
  }

  startMultipart(key: string, signal: AbortSignal): Promise<string> {
    return this.#through((store) => store.startMultipart(key, signal));
  }

  putPart(key: string, uploadId: string, partNumber: number, body: Body, options: SendOptions): Promise<StoredPart> {
    return this.#through((store) => store.putPart(key, uploadId, partNumber, body, options));
  }

  listParts(key: string, uploadId: string, signal: AbortSignal): Promise<readonly HeldPart[]> {
    return this.#through((store) => store.listParts(key, uploadId, signal));
  }

  completeMultipart(key: string, uploadId: string, parts: readonly StoredPart[], signal: AbortSignal): Promise<StoredObject> {
    return this.#through((store) => store.completeMultipart(key, uploadId, parts, signal));
  }

  /** Under the credential at hand only: cleaning up is not worth a new one. */
  abortMultipart(key: string, uploadId: string, signal: AbortSignal): Promise<void> {
    return this.#options.storeFor(this.#current).abortMultipart(key, uploadId, signal);
  }

  headObject(key: string, signal: AbortSignal): Promise<StoredObject & { readonly size: number }> {
    return this.#through((store) => store.headObject(key, signal));
  }

  async #through<T>(call: (store: ObjectStore) => Promise<T>): Promise<T> {
    for (let renewals = 0; ; renewals++) {
      const credential = await this.#fit();
      try {
        return await call(this.#options.storeFor(credential));
      } catch (error) {
        const dead = error instanceof StoreError && error.kind === 'credential-dead';
        if (!dead || renewals === mostRenewals) throw error;
        this.#options.broker.invalidate(credential);
        // Others may have found it dead as well and gone on already.
        if (this.#current !== credential) continue;
        const next = await this.#options.broker.get();
        if (!covers(next, this.#options.key, credential)) throw new ScopeLost(next);
        this.#goOnUnder(next);
      }
    }
  }

  /** The credential to use now: towards the end of one the next, where that covers the object, else the one at hand to its very end. */
  async #fit(): Promise<TemporaryCredential> {
    if (!isEnding(this.#current, this.#options.now())) return this.#current;
    const offered = await this.#options.broker.get();
    if (offered === this.#current || offered === this.#unfit) return this.#current;
    if (covers(offered, this.#options.key, this.#current)) this.#goOnUnder(offered);
    else this.#unfit = offered;
    return this.#current;
  }

  #goOnUnder(credential: TemporaryCredential): void {
    if (credential === this.#current) return;
    this.#current = credential;
    this.#options.onRenewed(credential);
  }
}
