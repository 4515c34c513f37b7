import * as v from 'valibot';
import type { Keychain } from './keychain.ts';
import type { TemporaryCredential } from './temporary-credential.ts';

const kept = v.object({
  service: v.picklist(['ms', 'car']),
  bucket: v.string(),
  region: v.string(),
  scope: v.object({ kind: v.picklist(['prefix', 'key']), value: v.string() }),
  tmpSecretId: v.string(),
  tmpSecretKey: v.string(),
  token: v.string(),
  startsAtMs: v.number(),
  expiresAtMs: v.number(),
  requestId: v.string(),
});

/**
 * Keeps the temporary credentials of unfinished multipart uploads in the keychain: a new credential
 * may have a new scope, so after a restart only the old one can go on with what was begun. Best
 * effort: without a keychain an upload starts over instead.
 */
export class CredentialVault {
  readonly #keychain: Keychain;
  readonly #redact: (secret: string, untilMs: number) => void;

  constructor(keychain: Keychain, redact: (secret: string, untilMs: number) => void) {
    this.#keychain = keychain;
    this.#redact = redact;
  }

  /** One is about to be kept. */
  prepare(): void {
    this.#keychain.prepare?.();
  }

  async keep(uploadId: string, credential: TemporaryCredential): Promise<void> {
    await this.#keychain.set(place(uploadId), JSON.stringify(credential)).catch(() => undefined);
  }

  /** The credential that an upload was begun under; null where it was not kept. */
  async recall(uploadId: string): Promise<TemporaryCredential | null> {
    try {
      const text = await this.#keychain.get(place(uploadId));
      const credential = v.parse(kept, JSON.parse(text ?? 'null'));
      this.#redact(credential.tmpSecretKey, credential.expiresAtMs);
      this.#redact(credential.token, credential.expiresAtMs);
      return credential;
    } catch {
      return null;
    }
  }

  async forget(uploadId: string): Promise<void> {
    await this.#keychain.delete(place(uploadId)).catch(() => undefined);
  }
}

function place(uploadId: string): string {
  return `upload:${uploadId}`;
}
